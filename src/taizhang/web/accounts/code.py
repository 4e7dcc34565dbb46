"""What can be wrong with accounts, roles and work in the background."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class AccountCode(Code):
    """What can be wrong with a user named by hand."""

    ACCOUNT_001 = (
        gettext_noop("There is no active user '%(user)s'."),
        gettext_noop("Check the spelling, or leave --as away to act as the local owner."),
    )
    ACCOUNT_002 = (
        gettext_noop("There is no unit '%(unit)s' today."),
        gettext_noop(
            "Choose one of the list, or leave it empty and tick that the whole instance is meant."
        ),
    )
    ACCOUNT_003 = (
        gettext_noop("Nobody can be %(role)s and %(other)s at once."),
        gettext_noop(
            "The three administrators watch each other and those who work with the ledger; give "
            "the role to another person."
        ),
    )
    ACCOUNT_004 = (
        gettext_noop("Somebody logs in with the name '%(name)s' already."),
        gettext_noop("Choose another name."),
    )
    ACCOUNT_005 = (
        gettext_noop("This password cannot be used: %(why)s"),
        gettext_noop("Choose another one."),
    )
    ACCOUNT_006 = (
        gettext_noop("The owner at the command line has no account that pages could change."),
        gettext_noop("Whoever may run commands on the folder of the instance is the owner."),
    )
    ACCOUNT_007 = (
        gettext_noop("'%(name)s' is the last one who can log in as %(role)s."),
        gettext_noop("Give the role to another person first."),
    )
    ACCOUNT_008 = (
        gettext_noop("This is not your present password."),
        gettext_noop("Type the password that you logged in with."),
    )
    ACCOUNT_009 = (
        gettext_noop("This code is not right, or was used before."),
        gettext_noop("Wait for the next code of your telephone and type its six digits."),
    )
    ACCOUNT_010 = (
        gettext_noop("'%(name)s' cannot be a name to log in with."),
        gettext_noop("Write 2 to 150 letters, digits or the signs . _ - without blanks."),
    )
    ACCOUNT_011 = (
        gettext_noop("%(role)s is a role for the whole instance, not for a unit."),
        gettext_noop("Leave the field of the unit empty."),
    )
    ACCOUNT_012 = (
        gettext_noop("'%(name)s' has no such role any more."),
        gettext_noop("Load the page again to see the roles as they are."),
    )
    ACCOUNT_013 = (
        gettext_noop("This account waits for no confirmation."),
        gettext_noop("Load the page again; another administrator may have confirmed it already."),
    )
    ACCOUNT_014 = (
        gettext_noop("'%(name)s' cannot be confirmed by who asked for it or whose account it is."),
        gettext_noop(
            "Ask another system or audit administrator, or the owner at the command line."
        ),
    )
    ACCOUNT_015 = (
        gettext_noop("Nobody who could confirm or read the log would be left after '%(name)s'."),
        gettext_noop(
            "Have the other account that waits confirmed first: by '%(name)s', or with "
            "`taizhang people confirm` at the machine, where the owner can also reset this one."
        ),
    )
    ACCOUNT_016 = (
        gettext_noop("What holds for closings cannot be set for %(day)s: that day is past."),
        gettext_noop("Give %(today)s or a later day; what was said before stays as it was."),
    )
    ACCOUNT_017 = (
        gettext_noop("%(day)s is no closing day."),
        gettext_noop("Give a day of the month from 1 to %(last)s, which every month has."),
    )
    ACCOUNT_018 = (
        gettext_noop("No month can close by itself after %(days)s days."),
        gettext_noop("Give 0 to %(most)s days, or none, so that only people close months."),
    )


class JobCode(Code):
    """What can be wrong with work in the background."""

    JOB_001 = (
        gettext_noop("The answer of this work was changed in the database itself."),
        gettext_noop("Ask for it anew; tell the keeper of the server, who compares with a backup."),
    )
