"""Rows that may change are held to the state in which the log says they were left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet
from django_otp.oath import totp

from taizhang.core.base.period import parse_period
from taizhang.web.accounts.models import User
from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.documents.workbook import templates
from tests.web.assess.furnish import (
    NOW,
    answered,
    appealed,
    furnish,
    people_add,
    published,
    records_add,
    signed,
    user,
)
from tests.web.browsing import vouch
from tests.web.ledger.furnish import DISTRICT, FIRST, STREET

#: Tables that the log does not keep, and why nothing is lost by it.
ELSEWHERE = {
    "audit_entry": "the log itself",
    "audit_head": "the log's end",
    "audit_state": "the states themselves, covered row by row",
    "ledger_fact": "counted anew from the records by `facts rebuild`, which tells what differed",
    "ledger_cube": "as the facts",
    "ledger_credit": "as the facts, from the sealed answers of units",
    "ledger_entity": "as the facts",
    "ledger_entitystate": "as the facts",
    "cases_member": "told anew from the records by `facts rebuild`, which tells what differed",
    "cases_case": "as the members of cases",
    "cases_run": "as the members of cases",
    "cases_party": "as the members of cases",
    "things_thing": "told anew from the records by `facts rebuild`, which tells what differed",
    "things_alias": "as the things",
    "accounts_job": "each answer bears a seal of its own, and is shown with it alone",
    "host_staged": "files on trial, gone after a day, used only under the seal they came with",
}
LECTURE = "lecture-12"


def issues() -> list[tuple[str, object, object]]:
    """Verify; give each issue of rows as code, table and id."""
    from taizhang.web.audit.verify import verify

    return [
        (issue.code.name, issue.facts.get("table"), issue.facts.get("id"))
        for issue in verify().issues
        if issue.code.name.startswith("AUDIT")  # a text whose row was changed opens no more either
    ]


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside; a constraint that stands in the way is as good as being found."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except IntegrityError:
        return


def assessed() -> None:
    """Have one assessment run its whole way, an appeal included."""
    from taizhang.web.assess.round_actions import round_withdraw, version_correct
    from tests.web.assess.furnish import LATER, opened

    given = opened()
    withdrawn = {"number": given.pk, "reason": "方案有误", "acting_user": user("officer")}
    circumstance(given.pk)
    round_withdraw(**withdrawn, now=NOW)
    number = published().pk
    appealed(number)
    answered(number)
    signed(number)
    again = {"unit": FIRST, "reason": "复核", "acting_user": user("officer"), "now": LATER}
    version_correct(number=number, **again)


def circumstance(number: int) -> None:
    """State a circumstance of an item, and adjust its points."""
    from tests.web.assess.test_circumstances import adjusted, stated

    stated(number)
    adjusted(number)


def written() -> None:
    """Draft, fill, freeze and throw away documents; take in an old text, decide on it, store it."""
    from taizhang.web.office.actions import document_freeze, draft_drop, draft_fill, draft_make
    from taizhang.web.office.blanks import blank_places
    from taizhang.web.office.document import document_of
    from taizhang.web.office.old_text import findings_of
    from taizhang.web.office.review_actions import (
        FindingChoice,
        baseline_store,
        findings_choose,
        review_begin,
        review_delete,
    )

    by = {"acting_user": user("lead"), "now": NOW}
    about = {"unit": FIRST, "period": parse_period("2025")}
    drafts = [draft_make(template="health_education.year_summary", **about, **by) for _ in "ab"]
    first = blank_places(document_of(drafts[0], NOW))[0].key
    draft_fill(number=drafts[0].pk, words={first: "一句话"}, **by)
    document_freeze(number=drafts[0].pk, leave_open=True, **by)
    draft_drop(number=drafts[1].pk, **by)
    text = "一社区2024年健康教育工作总结\n全年举办健康知识讲座12场，发放宣传资料近3000份。\n"
    texts = [review_begin(unit=FIRST, name="a.txt", content=text.encode(), **by) for _ in "ab"]
    for review in texts:
        chosen = [
            FindingChoice(finding=seen.id, action="accept", fields={})
            for seen in findings_of(review)
        ]
        findings_choose(number=review.pk, chosen=chosen, **by)
        again = [FindingChoice(finding=chosen[0].finding, action="", fields={})]
        findings_choose(number=review.pk, chosen=again, **by)
    baseline_store(number=texts[0].pk, **by)
    review_delete(number=texts[1].pk, **by)


def filled_in() -> None:
    """Keep forms of another office, describe, map, fill and drop them."""
    from taizhang.web.office.workbook.actions import (
        FormMarks,
        form_describe,
        form_drop,
        form_fill,
        form_keep,
        form_map,
    )

    by = {"acting_user": user("lead"), "now": NOW}
    marks = FormMarks(title="月报")
    book = {"name": "a.xlsx", "content": templates.plain()}
    form, other = (form_keep(unit=FIRST, marks=marks, **book, **by) for _ in "ab")
    described = form_describe(number=form.pk, marks=FormMarks(title="月报", duty="9"), **by)
    form_map(number=form.pk, edition=described.edition, chosen={0: ""}, **by)
    form_fill(number=form.pk, unit=FIRST, period=parse_period("2025"), **by)
    form_drop(number=other.pk, **by)


def agreed() -> None:
    """Hand quotas down and back, mark a form, review a record, complain, make tokens."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.administration.actions import (
        complaint_answer,
        complaint_file,
        settings_change,
    )
    from taizhang.web.exchange.actions import token_make, token_revoke
    from taizhang.web.exchange.models import Kind
    from taizhang.web.ledger.record.review_actions import record_review, review_answer
    from taizhang.web.programmes.actions import form_mark, quota_hand_down, quota_take_back
    from taizhang.web.programmes.admission import Marks

    by = {"acting_user": user("officer"), "now": NOW}
    owner = user_named(None)
    wanted = {"measure": "health_education.lectures", "unit": FIRST}
    for year in ("2025", "2026"):
        quota_hand_down(**wanted, period=parse_period(year), amount=Fraction(12), **by)
    quota_take_back(**wanted, period=parse_period("2026"), **by)
    marks = Marks(number="赣卫1表", authority="省卫健委", approval="1号", expires_on=None)
    form_mark(form="health_education.lecture", marks=marks, **{**by, "acting_user": owner})
    record_review(uid=LECTURE, kind="questioned", note="人数对吗", **by)
    review_answer(uid=LECTURE, note="对", acting_user=user("recorder"), now=NOW)
    for text in ("太多", "太慢"):
        filed = complaint_file(about="/", text=text, unnamed=False, **{**by})
    complaint_answer(complaint=filed.pk, text="已改", **by)
    mine = {"name": "手机", "unit": FIRST, "days": 9, "acting_user": user("recorder"), "now": NOW}
    token, _ = token_make(kind=Kind.PHONE, **mine)
    token_make(kind=Kind.CALENDAR, **mine)
    token_revoke(pk=token.pk, acting_user=user("recorder"), now=NOW)
    settings_change(name="月湖区", close_after="5", acting_user=owner, now=NOW)


def one_time_codes(person: User) -> None:
    """Switch one-time codes on, off and on, use and renew recovery codes, begin once more."""
    from taizhang.web.accounts.person import actions, own_account_actions
    from taizhang.web.accounts.queries import user_named

    word = {"password": "another-long-word", "acting_user": person}
    mine = {"acting_user": person, "now": NOW}

    def on(who: User, password: str) -> list[str]:
        device = own_account_actions.totp_begin(password=password, acting_user=who)
        code = f"{totp(device.bin_key, device.step, device.t0, device.digits):06d}"
        return own_account_actions.totp_on(code=code, acting_user=who, now=NOW)

    on(person, word["password"])
    own_account_actions.totp_off(**word, now=NOW)
    codes = on(person, word["password"])
    own_account_actions.code_check(code=codes[0], **mine)
    own_account_actions.recovery_renew(**word, now=NOW)
    own_account_actions.totp_begin(**word)  # and left at that
    other, password = actions.person_add(
        username="other", name="某人", acting_user=user_named(None), now=NOW
    )
    on(other, password)
    actions.totp_remove(person=other.pk, acting_user=user_named(None), now=NOW)


def managed() -> None:
    """Add a person, change roles and passwords, stop them and let them back."""
    from taizhang.web.accounts.person import actions, own_account_actions
    from taizhang.web.accounts.queries import user_named

    by = {"acting_user": user_named(None), "now": NOW}
    new, password = actions.person_add(username="newcomer", name="新人", **by)
    grants = [
        actions.grant_give(person=new.pk, role=role, unit=FIRST, **by)
        for role in ("recorder", "lead")
    ]
    actions.grant_take(person=new.pk, grant=grants[0].pk, **by)
    mine = {"acting_user": new, "now": NOW}
    own_account_actions.password_change(old=password, new="another-long-word", **mine)
    own_account_actions.sessions_end(**mine)
    one_time_codes(User.objects.get(pk=new.pk))
    actions.person_stop(person=new.pk, **by)
    actions.person_return(person=new.pk, **by)
    actions.password_reset(person=new.pk, **by)


def corrected() -> None:
    """Correct the name of a unit, and let an administrator's account rest."""
    from taizhang.core.case.working_day import YearEdition
    from taizhang.web.accounts.person import actions
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.cases.actions import edition_add
    from taizhang.web.units.actions import File, units_import
    from taizhang.web.units.models import Unit

    unit = Unit.objects.get(code=FIRST)
    since, until = (day.isoformat() if day else "" for day in (unit.valid_from, unit.valid_to))
    row = (unit.code, f"{unit.name}甲", unit.level, unit.kind, unit.parent, since, until)
    rows = f"code,name,level,kind,parent,valid_from,valid_to\n{','.join(row)}\n"
    file = File(name="units.csv", data=rows.encode())
    bodies = "code,name,kind,parent,may_record,may_own,valid_from,valid_to\n"
    bodies += f"{STREET}-B01,江边卫生服务中心,卫生服务中心,{STREET},yes,yes,,\n"
    beside = File(name="bodies.csv", data=bodies.encode())
    units_import(units=file, bodies=beside, acting_user=user_named(None), now=NOW)
    edition = YearEdition(
        year=2027,
        known_from=date(2026, 7, 9),
        rest=frozenset([date(2027, 1, 1)]),
        work=frozenset([date(2027, 1, 9)]),
        document="国办发明电〔2026〕1号",
    )
    edition_add(edition=edition, acting_user=user_named(None), now=NOW)
    by = {"acting_user": user_named(None), "now": NOW}
    for role in ("system", "security", "auditor"):
        new, _ = actions.person_add(username=role, name=role, **by)
        actions.grant_give(person=new.pk, role=role, unit="", **by)
    actions.password_reset(person=user("auditor").pk, acting_user=user("security"), now=NOW)


def all_done() -> None:
    """Have every action that writes a kept table done at least once."""
    from taizhang.web.accounts.models import Grant, Instance, User
    from taizhang.web.ledger.models import CreditStart

    furnish()
    people_add()
    CreditStart.objects.create(since=NOW)  # as one of an older version that was brought up to date
    vouch(User, Grant, Instance, CreditStart)
    records_add()
    assessed()
    written()
    filled_in()
    agreed()
    managed()
    corrected()


@pytest.fixture(scope="module")
def busy_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Home:
    """This fixture will make an instance in which everything was done."""
    with copy_opened(instance_template, tmp_path_factory.mktemp("busy")) as home:
        all_done()
    return home


@pytest.fixture
def busy(
    busy_template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a copy of it for one test."""
    with copy_opened(busy_template, tmp_path) as home:
        yield home


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql_instance")
def test_what_postgresql_stores_reads_the_same_when_it_is_verified() -> None:
    from taizhang.web.programmes.models import InstalledPack

    all_done()
    assert issues() == []
    last = InstalledPack.objects.order_by("-pk")[0]
    InstalledPack.objects.filter(pk=last.pk).update(source=bytes(last.source) + b"x")
    name = f"{last.key} {last.version}"
    assert issues() == [("AUDIT_008", "programmes_installedpack", name)]


def kept_rows(model: type[Model]) -> QuerySet[Model]:
    """Give the rows of a table that the log keeps: of secrets those that somebody confirmed."""
    confirmed = {"confirmed": True} if model.__name__ == "TOTPDevice" else {}
    return model._default_manager.filter(**confirmed)


def other(value: object) -> object:
    """Give another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case str():
            return f"{value}x" if len(value) < 10 else f"x{value[1:]}"
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return date(2001, 1, 1)
        case bytes() | memoryview():
            return bytes(value) + b"x"
        case dict():
            return {**value, "x": 1}
    raise TypeError(type(value))


@pytest.mark.usefixtures("busy")
def test_each_table_is_kept_or_it_is_said_why_not() -> None:
    from taizhang.web.audit.models import SealedRow
    from taizhang.web.audit.snapshot import snapshot_models

    ours = [model for model in apps.get_models() if model.__module__.startswith("taizhang.")]
    kept = snapshot_models()
    elsewhere = {
        model._meta.db_table
        for model in ours
        if model not in kept and not issubclass(model, SealedRow)
    }
    assert elsewhere == set(ELSEWHERE)
    assert issues() == []
    for model in kept:
        assert model.objects.exists(), model


@pytest.mark.usefixtures("busy")
def test_each_column_changed_by_hand_is_found_and_each_row_taken_away() -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from taizhang.web.audit.snapshot import snapshot_columns, snapshot_models
    from taizhang.web.units.models import Closure

    for model in sorted(snapshot_models(), key=lambda table: table._meta.db_table):
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            if field.primary_key or field.attname not in snapshot_columns(model):
                continue
            rows = kept_rows(model).exclude(**{f"{field.name}__isnull": True}).order_by("-pk")
            row = rows.values("pk", field.attname).first()
            if row is None:
                continue
            with undone():
                value = other(row[field.attname])
                model.objects.filter(pk=row["pk"]).update(**{field.attname: value})
                codes = [(code, where) for code, where, _ in issues()]
                # A secret that is not confirmed counts as none.
                is_gone = (model, field.name) == (TOTPDevice, "confirmed")
                assert codes == [("AUDIT_014" if is_gone else "AUDIT_008", table)], field
        with undone(), connection.cursor() as cursor:
            last = kept_rows(model).order_by("-pk").values_list("pk", flat=True)[0]
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [last])  # noqa: S608 - own names
            wanted = "AUDIT_008" if model is Closure else "AUDIT_014"
            assert [(code, where) for code, where, _ in issues()] == [(wanted, table)]
    assert issues() == []


@pytest.mark.usefixtures("busy")
def test_a_right_given_by_hand_is_named() -> None:
    from taizhang.web.accounts.models import Grant

    put_in = Grant.objects.create(user=user("recorder"), role="officer", unit=DISTRICT)
    name = f"{put_in.user_id} officer {DISTRICT}"
    assert issues() == [("AUDIT_013", "accounts_grant", name)]


@pytest.mark.usefixtures("busy")
def test_a_row_put_back_to_an_older_state_is_named() -> None:
    from taizhang.web.accounts.models import Grant, User
    from taizhang.web.accounts.person.actions import grant_take, person_stop
    from taizhang.web.accounts.queries import user_named

    grant = Grant.objects.get(user__username="lead")
    by = {"acting_user": user_named(None), "now": NOW}
    grant_take(person=grant.user_id, grant=grant.pk, **by)
    person_stop(person=user("viewer").pk, **by)
    assert issues() == []
    grant.save(force_insert=True)  # the very row that was taken
    User.objects.filter(username="viewer").update(is_active=True)
    assert {(code, where) for code, where, _ in issues()} == {
        ("AUDIT_008", "accounts_grant"),
        ("AUDIT_008", "accounts_user"),
    }


@pytest.mark.usefixtures("busy")
def test_the_states_themselves_cannot_be_bent_to_fit() -> None:
    """Whoever changes a row and its state, or takes both away, stands against the log's digest."""
    from taizhang.web.assess.models import Decision
    from taizhang.web.audit.models import State

    last = Decision.objects.order_by("-pk")[0].pk
    states = State.objects.filter(table="assess_decision", key=str(last))
    sequence = states.get().sequence
    fault = ("AUDIT_009", None, None)
    with undone():
        Decision.objects.filter(pk=last).update(points=0)
        states.delete()
        assert {code for code, _, _ in issues()} == {"AUDIT_009", "AUDIT_013"}
    for change in ({"state": ""}, {"key": "1"}, {"table": "assess_appeal"}, {"ordinal": 90}):
        with undone():
            State.objects.filter(sequence=sequence, table="assess_decision").update(**change)
            if "ordinal" in change:
                assert State.objects.filter(sequence=sequence).count() > 1
            assert fault in issues(), change
    assert issues() == []


@pytest.mark.usefixtures("instance")
def test_the_first_row_of_a_table_is_a_strangers_too() -> None:
    from taizhang.web.instance.open import tables_update
    from taizhang.web.programmes.models import FormMark

    FormMark.objects.create(form="trial.lecture", marked_at=NOW)
    tables_update(NOW)  # as a restore does: nothing is older, so nothing is taken in
    assert issues() == [("AUDIT_013", "programmes_formmark", "trial.lecture")]


@pytest.mark.usefixtures("instance")
def test_a_write_that_names_an_unknown_table_is_a_slip_of_ours() -> None:
    from taizhang.web.administration.models import Staged
    from taizhang.web.audit.actions import audit_append

    with pytest.raises(LookupError), transaction.atomic():
        audit_append(actor=None, action="x.y", objects=[], rows={Staged: [1]}, now=NOW)


def test_an_instance_of_an_older_version_is_taken_in_when_it_is_brought_up_to_date(
    busy: Home,
) -> None:
    from taizhang.core.base.issue import Refused
    from taizhang.web.audit.models import Entry
    from taizhang.web.instance.open import instance_open

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE audit_state")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name >= '0003'")
        # As that version left the log: what it covered, nothing else named.
        reviews = "action NOT LIKE 'record%' OR action LIKE 'record.review%'"
        cursor.execute(f"UPDATE audit_entry SET linked = 0 WHERE {reviews}")  # noqa: S608
    with pytest.raises(Refused, match="INSTANCE_010"):
        instance_open(busy.path)
    instance_open(busy.path, update_at=NOW)
    last = Entry.objects.latest("sequence")
    assert (last.action, last.actor) == ("audit.cover", None)
    assert {code for code, _, _ in issues()} == {"AUDIT_001"}  # the log that this test rewrote
    user("lead").grants.update(role="officer")
    assert ("AUDIT_008", "accounts_grant") in [(code, where) for code, where, _ in issues()]
