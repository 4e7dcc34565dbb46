"""What the exchange says to other programs and to those who give them access."""

from __future__ import annotations

from taizhang.core.base.issue import Code, Marked, gettext_noop

NO_FORM_DATA = Marked(gettext_noop("it is no multipart/form-data"))
NO_XML = Marked(gettext_noop("it lacks the part xml_submission_file"))
CUT = Marked(gettext_noop("it was cut off"))
MANY = Marked(gettext_noop("it has too many parts"))
GARBLED = Marked(gettext_noop("its parts cannot be told apart"))


class ExchangeCode(Code):
    """Why another program is not served."""

    EXCHANGE_001 = (
        gettext_noop("This address is unknown, has run out or was revoked."),
        gettext_noop("Log in, make a new one under phones and calendars, and scan its code."),
    )
    EXCHANGE_002 = (
        gettext_noop("User name and password are only taken over HTTPS."),
        gettext_noop("Use an https address, or an address made under phones and calendars."),
    )
    EXCHANGE_003 = (
        gettext_noop("User name and password are needed, or are wrong."),
        gettext_noop("Enter them in the settings of the app."),
    )
    EXCHANGE_004 = (
        gettext_noop("Too many wrong passwords: this name is locked for a while."),
        gettext_noop("Wait a quarter of an hour, or use an address made under phones."),
    )
    EXCHANGE_005 = (
        gettext_noop("The submission is larger than %(most)s bytes."),
        gettext_noop("Send fewer or smaller pictures at once."),
    )
    EXCHANGE_006 = (
        gettext_noop("The submission cannot be read: %(why)s."),
        gettext_noop("Send it again; a bad line may have cut it off."),
    )
    EXCHANGE_007 = (
        gettext_noop("Two files of the submission are called '%(name)s'."),
        gettext_noop("Give each picture a name of its own."),
    )
    EXCHANGE_008 = (
        gettext_noop("This person must log in on a page first; a password alone is not enough."),
        gettext_noop("Log in, then make an address under phones and calendars."),
    )
    EXCHANGE_009 = (
        gettext_noop("The ledger is busy."),
        gettext_noop("Nothing was stored; send it again in a minute."),
    )
    EXCHANGE_010 = (
        gettext_noop("There is no such form or list for this unit."),
        gettext_noop("Fetch the list of forms anew."),
    )
    EXCHANGE_011 = (
        gettext_noop("This person may not do this for the unit '%(unit)s' any more."),
        gettext_noop("Ask the host for a role there."),
    )


class TokenCode(Code):
    """What can be wrong with an address that a person makes for a program."""

    TOKEN_001 = (
        gettext_noop("The address needs a name of 1 to %(most)s characters."),
        gettext_noop("Name the phone or program that will use it."),
    )
    TOKEN_002 = (
        gettext_noop("You cannot make such an address for the unit '%(unit)s'."),
        gettext_noop("Choose a unit for which you record, or make one for a calendar."),
    )
    TOKEN_003 = (
        gettext_noop("An address can be used for 1 to %(most)s days."),
        gettext_noop("Choose a shorter time; you can always make a new one."),
    )
    TOKEN_004 = (
        gettext_noop("You have %(most)s addresses that can be used; more are not made."),
        gettext_noop("Revoke one that nobody uses."),
    )
    TOKEN_005 = (
        gettext_noop("There is no such address of yours."),
        gettext_noop("Look at the list anew."),
    )
