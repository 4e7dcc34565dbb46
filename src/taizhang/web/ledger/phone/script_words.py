"""The words of the recording pages' scripts, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Give every word by its key; ``%(name)s`` is filled in by the page."""
    return {**_form_words(), **_thing_words(), **_queue_words(), **_enketo_words()}


def _form_words() -> dict[str, str]:
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "about": _("about"),
        "at_least": _("at least"),
        "add_row": _("Add: %(label)s"),
        "as_last_time": _("as last time"),
        "photos": _("Photos (optional)"),
        "photos_hint": _(
            "Made smaller on this phone; place and time of the camera are removed. Never required."
        ),
        "photo_add": _("Add a photo"),
        "photo_take": _("Take a picture: %(label)s"),
        "photo_again": _("Another picture: %(label)s"),
        "choice_clear": _("Take the answer back: %(label)s"),
        "number_whole": _("Please give a whole number in digits, such as 40."),
        "number_plain": _("Please give a number in digits, such as 40 or 2.5."),
        "photo_drop": _("Remove this photo"),
        "photo_unreadable": _("The picture %(name)s cannot be read here."),
        "correct_title": _("Correct: %(title)s"),
        "draft_restored": _("Draft of %(when)s restored."),
        "draft_saved": _("Draft saved %(when)s"),
        "start_anew": _("Start anew"),
        "start_anew_sure": _("Throw this draft away and start anew?"),
        "form_faults": _("The form could not be shown completely"),
        "reason": _("Reason for the correction"),
        "reason_hint": _(
            "It stays with the record, such as: counted again after the sign-in list."
        ),
        "with_units": _("Held together with other units, each of which confirms it"),
        "submit": _("Submit"),
        "submit_correction": _("Submit the correction"),
        "look_again": _("Please look at the marked question."),
        "kept": _("%(title)s: recorded"),
        "sending": _("Saved on this device; sending …"),
        "arrived": _("The ledger has it."),
        **_date_words(),
        "counted": _("Counted: %(what)s"),
        "counted_nothing": _("By its answers it counts for no number."),
        "left_blank": _("Left blank, so a number is missing: %(what)s."),
        "left_blank_all": _("Left blank, so it counts for no number: %(what)s."),
        "fill_in": _("Fill it in"),
        "see_record": _("See the record"),
        "see_case": _("See the case"),
        "again": _("Record another"),
        "other_form": _("Other forms"),
        "queue": _("Sending list"),
        "needs_mending": _("%(title)s: not yet accepted"),
        "was_refused": _("The ledger could not accept it; the reasons stand in the sending list."),
        "waits_network": _("Saved on this device. It is sent by itself when there is a network."),
        "waits_sign_in": _("Saved on this device. Log in again, then it is sent."),
        "no_form": _("No such form is in use for this unit."),
        "cannot_show": _(
            "The form could not be loaded. Open the list of forms once while there is a network."
        ),
    }


def _date_words() -> dict[str, str]:
    return {
        "counts_for": _("Counts for %(day)s"),
        "date_far": _(
            "The date is %(year)s-%(month)s-%(day)s, %(days)s days before today: it will count in "
            "month %(month)s of %(year)s. Is the date right?"
        ),
        "date_ahead": _(
            "The date is %(year)s-%(month)s-%(day)s, %(days)s days after today. Is the date right?"
        ),
        "date_early": _(
            "The date is %(year)s-%(month)s-%(day)s, before the ledger began: it will count in "
            "month %(month)s of %(year)s. Is the date right?"
        ),
        "clock_behind": _(
            "The clock of this device is %(days)s days behind the ledger's: set it right, and look "
            "at each date before you submit."
        ),
        "clock_ahead": _(
            "The clock of this device is %(days)s days ahead of the ledger's: set it right, and "
            "look at each date before you submit."
        ),
    }


def _thing_words() -> dict[str, str]:
    return {
        "thing_find": _("Look for it by name, place, number or pinyin initials"),
        "thing_all": _("Show all %(n)s"),
        "thing_found": _("%(n)s found"),
        "thing_none": _("Nothing of this name is known."),
        "thing_due": _("due %(day)s"),
        "thing_overdue": _("overdue, was due %(day)s"),
        "thing_ended": _("ended: %(how)s"),
        "thing_pending": _("not yet taken in"),
        "thing_nameless": _("without a name"),
        "thing_new": _("A new one"),
        "thing_first": _("A new one is recorded first with %(forms)s."),
        "thing_other": _("Choose another"),
        "thing_rename": _("Name or place has changed"),
        "thing_fresh": _("New: %(kind)s"),
        "thing_fresh_hint": _(
            "Write its name and place below. The ledger gives it a number by itself."
        ),
        "thing_back": _("It is a known one"),
        "thing_near": _("Is it this one: %(name)s?"),
        "thing_this": _("Yes, this one"),
        "thing_name_missing": _("Please give it a name, such as: board at the east gate."),
        "thing_choose": _("Please choose one, or begin a new one."),
        "thing_elsewhere": _("This one is not among the things of this unit."),
        "thing_scan": _("Scan its sticker"),
        "scan_hint": _("Hold the camera over the code on the sticker."),
        "scan_close": _("Close"),
        "scan_other": _("This code is no sticker of a thing."),
        "scan_no_camera": _("The camera could not be used; choose by name instead."),
    }


def _queue_words() -> dict[str, str]:
    return {
        "n_waiting": _("%(n)s waiting to be sent"),
        "n_refused": _("%(n)s not accepted"),
        "n_drafts": _("%(n)s drafts"),
        "n_others": _("%(n)s records of somebody else wait on this device"),
        "n_sent": _("%(n)s sent, %(refused)s refused"),
        "state_draft": _("Draft"),
        "state_waiting": _("Waiting"),
        "state_sent": _("Sent"),
        "state_refused": _("Refused"),
        "go_on": _("Go on"),
        "mend": _("Open and correct"),
        "drop": _("Delete"),
        "drop_sure": _("Delete it from this device? It is nowhere else."),
        "tried": _("tried %(n)s times"),
        "sign_in": _("Log in"),
        "backup_taken": _("%(added)s taken in, %(known)s were here already."),
        "backup_other": _(
            "This backup belongs to another person. It can be taken in by them, or by whoever "
            "records for the same unit."
        ),
        "backup_hand_over": _(
            "This backup is of %(name)s. Take over %(n)s of its records and drafts, and send them "
            "under your own name?"
        ),
        "backup_left": _(
            "%(added)s taken in, %(known)s were here already; %(left)s are of units for which you "
            "do not record."
        ),
        "backup_wrong": _("This file is no backup of the sending list."),
    }


def _enketo_words() -> dict[str, str]:
    """The keys are Enketo's own."""
    return {
        "constraint.invalid": _("This value is not possible here."),
        "constraint.required": _("Please answer this."),
        "form.required": _("required"),
        "confirm.repeatremove.heading": _("Delete this row?"),
        "confirm.repeatremove.msg": _("Delete this row?"),
        "selectpicker.noneselected": _("nothing chosen"),
        "selectpicker.numberselected": _("__number__ chosen"),
        "filepicker.notFound": _("The file __existing__ is not on this device."),
        "alert.gotonotfound.msg": _("The question __path__ is not in this form."),
        "alert.valuehasspaces.multiple": _("The answer __value__ has a blank inside."),
        "hint.guidance.details": _("More"),
    }
