"""A template may break a line where the page does not."""

from django.template import Context, Engine

NAMES = """{% load joined %}{% joined %}
  {% for name in names %}
    <b>{{ name }}</b>
    {% if not forloop.last %}、{% endif %}
  {% empty %}
    {{ " " }}
    none at all
  {% endfor %}
{% endjoined %}
"""


LINK = """{% load joined %}{% joined %}
  <a class="{{ names.0 }}"
     href="#{{ names.0 }}">
    {{ names.0 }}
  </a>
{% endjoined %}"""


def shown(*names: str, template: str = NAMES) -> str:
    engine = Engine(libraries={"joined": "taizhang.web.accounts.templatetags.joined"})
    return engine.from_string(template).render(Context({"names": names}))


def test_attributes_on_lines_of_their_own_stay_apart() -> None:
    assert shown("a", template=LINK) == '<a class="a" href="#a">a</a>'


def test_line_breaks_of_the_template_are_no_blanks() -> None:
    assert shown("公园", "林荫") == "<b>公园</b>、<b>林荫</b>\n"


def test_a_written_blank_and_blanks_within_a_line_stay() -> None:
    assert shown() == " none at all\n"


def test_values_keep_their_lines() -> None:
    assert shown("one\n  two") == "<b>one\n  two</b>\n"
