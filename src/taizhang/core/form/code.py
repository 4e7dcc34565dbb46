"""The messages about forms, answers, and filled-in forms as phones send them."""

from __future__ import annotations

from taizhang.core.base.issue import Code, Marked, gettext_noop

NO_SURVEY = Marked(gettext_noop("it has no sheet survey"))
ASKS_NOTHING = Marked(gettext_noop("the survey asks nothing"))
TOO_LARGE = Marked(gettext_noop("it is too large"))
NOT_UTF8 = Marked(gettext_noop("it is not UTF-8"))
NOT_A_WORKBOOK = Marked(gettext_noop("the workbook cannot be opened"))
NO_TABLE = Marked(gettext_noop("it holds no table"))
ROW_BEFORE_SHEET = Marked(gettext_noop("a row stands before the name of a sheet"))
SHEET_TWICE = Marked(gettext_noop("a sheet stands twice"))
SETTINGS_ROWS = Marked(gettext_noop("settings has more than one row"))

SAVE_WITHOUT_ENTITY = Marked(gettext_noop("save_to without the sheet entities"))
ONE_ENTITY = Marked(gettext_noop("only one entity a form is kept"))
DATASET_NAME = Marked(gettext_noop("dataset is no ASCII name"))
ENTITY_ID = Marked(gettext_noop("entity_id must be one field of the form, as ${board}"))
SEE_OTHERS = Marked(gettext_noop("It does not go with the form's limits or the other answers."))
DUE_NOT_SAVED = Marked(gettext_noop("no field is saved (save_to) to the property of entity_due"))

DTD = Marked(gettext_noop("document type with entities"))
INSTRUCTION = Marked(gettext_noop("processing instruction"))
CHARACTERS = Marked(gettext_noop("bytes"))
NODES = Marked(gettext_noop("elements"))
DEPTH = Marked(gettext_noop("elements inside each other"))
ATTRIBUTES = Marked(gettext_noop("attributes of one element"))


class FormCode(Code):
    """What can be wrong with a form."""

    FORM_001 = (
        gettext_noop("This is not a form: %(why)s."),
        gettext_noop(
            "Write an XLSForm as a Markdown table with the sheets survey, choices, settings, or "
            "as an .xlsx workbook."
        ),
    )
    FORM_002 = (
        gettext_noop("The sheet '%(sheet)s' is unknown."),
        gettext_noop("Use the sheets survey, choices, settings and entities."),
    )
    FORM_003 = (
        gettext_noop("The column '%(column)s' stands twice in the sheet '%(sheet)s'."),
        gettext_noop("Keep one of the two columns."),
    )
    FORM_004 = (
        gettext_noop("The row has %(found)s cells, the heading of the sheet has %(wanted)s."),
        gettext_noop("Give the row as many cells as the heading; write \\| for a bar inside one."),
    )
    FORM_005 = (
        gettext_noop("The column '%(column)s' of the sheet '%(sheet)s' is unknown."),
        gettext_noop("Correct its name (known: %(known)s) or take it out."),
    )
    FORM_006 = (
        gettext_noop("The cell '%(column)s' is blank."),
        gettext_noop("Fill it in; every field has a type, a name and a Chinese label."),
    )
    FORM_007 = (
        gettext_noop("The choice name '%(name)s' holds a blank."),
        gettext_noop("Join its words with _; the label may hold blanks."),
    )
    FORM_008 = (
        gettext_noop("The list '%(list)s' has the choice '%(name)s' twice."),
        gettext_noop("Give each choice of a list its own name."),
    )
    FORM_009 = (
        gettext_noop("The field type '%(type)s' is unknown."),
        gettext_noop("Use one of: %(known)s."),
    )
    FORM_010 = (
        gettext_noop("No sheet choices has the list '%(list)s'."),
        gettext_noop("Add the list to the sheet choices, or correct its name (known: %(known)s)."),
    )
    FORM_011 = (
        gettext_noop("The name '%(name)s' has '%(sign)s' at place %(at)s, where it cannot stand."),
        gettext_noop(
            "Use the letters a to z, digits and _, beginning with a letter; the Chinese words go "
            "into the label."
        ),
    )
    FORM_012 = (
        gettext_noop("The form_id is '%(found)s', the file is called '%(wanted)s'."),
        gettext_noop("Give both the same name: the file's name is the form's key."),
    )
    FORM_013 = (
        gettext_noop("The repeat '%(name)s' stands inside another repeat."),
        gettext_noop("Keep repeats side by side; facts are counted from one level of rows."),
    )
    FORM_014 = (
        gettext_noop("The %(kind)s '%(name)s' is never closed."),
        gettext_noop("Add a row 'end %(kind)s'."),
    )
    FORM_015 = (
        gettext_noop("This row closes a %(kind)s that is not open here."),
        gettext_noop("Close groups and repeats in the reverse order of opening them."),
    )
    FORM_016 = (
        gettext_noop("The column '%(column)s' names its language with full-width brackets."),
        gettext_noop("Write half-width brackets, as in label::中文 (zh)."),
    )
    FORM_017 = (
        gettext_noop("Two fields are saved to the property '%(name)s' of the entity."),
        gettext_noop("Save each property from one field."),
    )
    FORM_018 = (
        gettext_noop("The name '%(name)s' is already used in line %(line)s."),
        gettext_noop("Give each field, group and repeat of a form its own name."),
    )
    FORM_019 = (
        gettext_noop("The expression '%(text)s' names '%(name)s', which the form does not ask."),
        gettext_noop("Correct the name (near: %(known)s), or add the field."),
    )
    FORM_020 = (
        gettext_noop("The entity of this form is not usable: %(why)s."),
        gettext_noop(
            "Write one row in the sheet entities: dataset, entity_id (${field}), label; mark the "
            "fields to keep with save_to."
        ),
    )
    FORM_021 = (
        gettext_noop("The fields %(names)s depend on each other in a circle."),
        gettext_noop("Break the circle: no relevant or calculation may lead back to its field."),
    )
    FORM_022 = (
        gettext_noop("The expression '%(text)s' writes '%(said)s', which phones do not read."),
        gettext_noop(
            "In a form write = for equal and ${name} for a field; == and bare names are for "
            "counting rules."
        ),
    )
    FORM_023 = (
        gettext_noop(
            "The expression '%(text)s' reads '%(name)s' as one answer from outside the repeat "
            "'%(repeat)s', which may have many rows."
        ),
        gettext_noop(
            "Read it inside the repeat, or all rows together: sum(), count(), min() or max() with "
            "nothing else in the brackets."
        ),
    )
    FORM_024 = (
        gettext_noop("The range '%(name)s' has %(found)s, which is no number."),
        gettext_noop("Write numbers, as in: start=1 end=10 step=1."),
    )


class AnswerCode(Code):
    """What can be wrong with the answers of a record."""

    ANSWER_001 = (
        gettext_noop("The form %(form)s has no field '%(name)s'."),
        gettext_noop("Take the answer out, or correct its name (near: %(known)s)."),
    )
    ANSWER_002 = (
        gettext_noop("'%(label)s' must be answered."),
        gettext_noop("Fill it in."),
    )
    ANSWER_003 = (
        gettext_noop("'%(label)s' is %(found)s, which is no whole number that can be kept."),
        gettext_noop(
            "Write a whole number in digits, as 35; without a point, a unit or other words."
        ),
    )
    ANSWER_004 = (
        gettext_noop("'%(label)s' is %(found)s, which this question does not take."),
        gettext_noop("Correct the answer. %(message)s"),
    )
    ANSWER_005 = (
        gettext_noop("'%(label)s' has no choice %(found)s."),
        gettext_noop("Choose from: %(known)s."),
    )
    ANSWER_006 = (
        gettext_noop("The rows of '%(label)s' cannot be read, or there are too many."),
        gettext_noop(
            "Record at most %(most)s rows at once; in a file each row names its answers, as the "
            "reference of record files shows."
        ),
    )
    ANSWER_007 = (
        gettext_noop("'%(label)s' is longer than %(most)s characters."),
        gettext_noop("Shorten the text."),
    )
    ANSWER_008 = (
        gettext_noop("'%(label)s' is %(found)s, which is no number that can be kept."),
        gettext_noop(
            "Write a number in digits with at most four decimals, as 12.5; without a unit or "
            "other words."
        ),
    )
    ANSWER_009 = (
        gettext_noop("'%(label)s' is %(found)s, which is not a date."),
        gettext_noop("Give a date between 1900 and 2100 as 2026-05-01."),
    )
    ANSWER_010 = (
        gettext_noop("'%(label)s' is %(found)s, which is not a time."),
        gettext_noop("Give a time as 14:30, a moment as 2026-05-01T14:30."),
    )
    ANSWER_011 = (
        gettext_noop("'%(label)s' is not a plain text."),
        gettext_noop("Give a text without control characters."),
    )
    ANSWER_012 = (
        gettext_noop("'%(label)s' is %(found)s, outside %(low)s to %(high)s."),
        gettext_noop("Give a number from %(low)s to %(high)s."),
    )
    ANSWER_013 = (
        gettext_noop("'%(label)s' is %(found)s, which the unit's list %(list)s does not have."),
        gettext_noop("Correct the number, or record the thing first with the form: %(forms)s."),
    )
    ANSWER_014 = (
        gettext_noop("Checking the record's answers takes more than %(most)s steps."),
        gettext_noop(
            "Send it as several records with fewer rows; the author of the form may use fewer or "
            "shorter expressions."
        ),
    )


class InstanceCode(Code):
    """What can be wrong with a filled-in form that a phone sends."""

    SENT_001 = (
        gettext_noop("The filled-in form is not whole XML: %(why)s (column %(column)s)."),
        gettext_noop("Send it again; a bad line may have cut it off."),
    )
    SENT_002 = (
        gettext_noop("The filled-in form holds a %(what)s, which no form writes."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_003 = (
        gettext_noop("The filled-in form is too large: more than %(most)s %(what)s."),
        gettext_noop("Divide it over several records."),
    )
    SENT_004 = (
        gettext_noop("The filled-in form does not say which form it is."),
        gettext_noop("Fetch the forms anew and fill in the form again."),
    )
    SENT_005 = (
        gettext_noop("There is no form '%(form)s' of version '%(version)s' here."),
        gettext_noop("Fetch the forms anew and fill in the form again."),
    )
    SENT_006 = (
        gettext_noop("The filled-in form gives %(name)s %(count)s times; it must give it once."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_007 = (
        gettext_noop("The %(name)s '%(found)s' is no usable id."),
        gettext_noop("Send it from ODK Collect or the recording page, which give it a UUID."),
    )
    SENT_008 = (
        gettext_noop("The form %(form)s has no field '%(name)s' here."),
        gettext_noop("Fetch the forms anew and fill in the form again."),
    )
    SENT_009 = (
        gettext_noop("The field '%(name)s' stands twice."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_010 = (
        gettext_noop("The element '%(name)s' is of the foreign namespace '%(space)s'."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_011 = (
        gettext_noop("At '%(name)s' text and elements stand mixed."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_012 = (
        gettext_noop("'%(name)s' names the file '%(found)s', which is no plain file name."),
        gettext_noop("Attach the picture anew."),
    )
