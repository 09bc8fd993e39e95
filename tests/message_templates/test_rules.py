"""From a wording to an email: order of the steps, what is refused with its place, what hostile data cannot do."""

import time
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from liquid.exceptions import LiquidError
from portal.message_templates.rules import (
    FIELDS,
    SAMPLES,
    CompileFailed,
    RenderFailed,
    asked,
    check_values,
    client_values,
    compile_email,
    content_hash,
    fields_of,
    layout_for,
    render,
)
from portal.message_templates.rules.source import sentence
from portal.message_templates.rules.starters import STARTERS

LAYOUT = layout_for("Harbour news", marketing=True)


def made(body, subject="Hello", **values):
    return render(compile_email(subject, body, LAYOUT), {**SAMPLES, **values})


def wrong(body, subject="Hello"):
    with pytest.raises(CompileFailed) as failed:
        compile_email(subject, body, LAYOUT)
    return [(one.part, one.line, one.column, one.text) for one in failed.value.problems]


def inner(rendered):
    """The editor's part of the HTML, without our styles."""
    body = rendered.html.split('color:#15202a;">', 1)[1].split("</div>", 1)[0]
    return body.replace(' style="margin:0 0 16px"', "").replace('style="color:#0b5f66" ', "").strip()


def test_markdown_becomes_html_and_plain_text_from_one_source():
    rendered = made(
        "Hello {{ first_name }},\n\n**{{ amount_due | money: 'EUR' }}** is *due*. [Pay]({{ payment_link }})"
    )
    link = "https://tidewell.example/pay/20431"
    assert inner(rendered) == (
        f'<p>Hello Ana,</p>\n<p><strong>€240.00</strong> is <em>due</em>. <a href="{link}">Pay</a></p>'
    )
    assert rendered.text.startswith(f"Hello Ana,\n\n€240.00 is due. Pay: {link}\n\n--\nTidewell Events\n")


@pytest.mark.parametrize(
    "name",
    [
        "<b>Ana</b>",
        '"><script>alert(1)</script>',
        "[x](javascript:alert(1))",
        "{{ code }}",
        "{% if %}",
        "**Ana**",
        "&lt;",
    ],
)
def test_what_a_person_is_called_never_becomes_markup_a_link_or_liquid(name):
    rendered = made("Hi {{ first_name }}", first_name=name)
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    assert inner(rendered) == f"<p>Hi {escaped}</p>"
    assert rendered.text.startswith(f"Hi {name}\n")


def test_literals_are_escaped_like_data():
    rendered = made("""{{ '<i>' }}{{ note | default: "<script>x</script>" }}""", note="")
    assert inner(rendered) == "<p>&lt;i&gt;&lt;script&gt;x&lt;/script&gt;</p>"


def test_no_line_end_or_hidden_mark_of_a_value_reaches_the_subject_or_forges_a_paragraph():
    rendered = made(
        "Hi {{ first_name }}!", "For {{ first_name }}", first_name="Ana\r\nBcc: x@y.example\u202e\ud800\x00z"
    )
    assert rendered.subject == "For Ana Bcc: x@y.example z"
    assert rendered.text.startswith("Hi Ana Bcc: x@y.example z!\n")
    assert len(made("x", "{{ first_name }}", first_name="n" * 9_000).subject) == 300


@pytest.mark.parametrize("trick", ["\\{\\{ code \\}\\}", "&#123;{ code }}", "{&#123; unknown }}", "`{`{ code }}"])
def test_liquid_cannot_be_put_together_out_of_markdown(trick):
    rendered = made(trick)
    assert "482" not in rendered.html + rendered.text


def test_raw_html_of_an_editor_is_shown_as_text():
    assert inner(made("<script>x</script> <b onclick=x>y</b>")) == (
        "<p>&lt;script&gt;x&lt;/script&gt; &lt;b onclick=x&gt;y&lt;/b&gt;</p>"
    )


def test_the_footer_stands_in_both_parts_whatever_the_editor_writes():
    rendered = made("{% comment %} nothing {% endcomment %}x <!-- ", postal_address="4 Quay Street\n4050 Porto")
    for part in (rendered.html, rendered.text):
        for words in (
            "Tidewell Events",
            "4 Quay Street, 4050 Porto",
            "you agreed to “Harbour news”",
            SAMPLES["unsubscribe_url"],
        ):
            assert words in part


def test_the_reason_fits_the_topic_and_holds_no_markup_or_liquid():
    reason = layout_for("A <b>\n {{ x }}", marketing=False)
    rendered = render(compile_email("s", "b", reason), SAMPLES)
    assert "because it belongs to “A &lt;b&gt; &#123;&#123; x }}”" in rendered.html
    assert "because it belongs to “A <b> {{ x }}”" in rendered.text


def test_our_own_address_may_be_http_on_this_machine_but_others_must_be_https():
    ours = "http://127.0.0.1:8000/u/abc"
    assert ours in made("x", unsubscribe_url=ours).html
    with pytest.raises(RenderFailed, match="payment_link: Enter a web address"):
        made("[x]({{ payment_link }})", payment_link="http://pay.example")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "https:///x",
        "https://a b",
        'https://x.example/"x',
        "https://me@x.example",
        "https://[",
        "//x.example",
        "x",
    ],
)
def test_a_link_field_takes_only_proper_web_addresses(target):
    with pytest.raises(RenderFailed) as failed:
        made("[x]({{ payment_link }})", payment_link=target)
    assert failed.value.field == "payment_link"
    assert target not in str(failed.value)


def test_conditions_choose_words_links_and_whole_blocks():
    body = "A\n{% if has_payment_link %}\n[Pay]({{ payment_link }})\n{% endif %}\n\n"
    body += "{% unless has_payment_link %}\n\n- Cash\n\n{% endunless %}\n\nB"
    assert made(body).text.startswith("A\nPay: https://tidewell.example/pay/20431\n\nB\n")
    without = made(body, has_payment_link=False)
    assert without.text.startswith("A\n\n- Cash\n\nB\n")
    assert "<li>Cash</li>" in without.html
    assert "Pay" not in without.html
    case = "{% case code %}{% when 'a' %}one{% else %}two{% endcase %}"
    assert (made(case, code="a").text[:3], made(case, code="b").text[:3]) == ("one", "two")


def test_plain_text_keeps_lists_quotes_code_and_rules():
    body = "# Title\n\n3. a\n4. b\n   - c\n\n> q\n> r\n\n---\n\n```\nx  {y}\n```\n\n    z\n\none  \n"
    body += "two [https://a.example](https://a.example) [mail](mailto:a@b.example) [](tel:+351)"
    assert made(body).text.split("\n\n--\n")[0] == (
        "Title\n\n3. a\n4. b\n   - c\n\n> q\n> r\n\n--------------------\n\nx  {y}\n\nz\n\n"
        "one\ntwo https://a.example mail: a@b.example +351"
    )


@pytest.mark.parametrize(
    ("body", "line", "column", "text"),
    [
        ("Hi\n\npay {{ due_dte }}", 3, 8, "due_dte is not a known field. Did you mean due_date?"),
        ("{{ zzzzqq }}", 1, 4, "zzzzqq is not a known field."),
        ("{{ code.size }}", 1, 4, "code has no parts."),
        ("{{ code | append: 'x' }}", 1, 11, "This filter is not known."),
        ("a\n{% for x in code %}{% endfor %}", 2, 1, "“for” is not known here. Use if, unless, case or comment."),
        ("{% raw %}{{ x }}{% endraw %}", 1, 1, "“raw” is not known here."),
        ("{{ code", 1, 1, "Expected '}}', found end of file."),
        ("{% if code %}x", 1, 15, "Expected tag endif, found the end."),
        ("{{ code | date }}", 1, 11, "“date” needs a field that holds a day."),
        ("{{ due_date | date: '%1000d' }}", 1, 15, "“date” takes forms like '%-d %B %Y'."),
        ("{{ code | money }}", 1, 11, "“money” needs a field that holds an amount."),
        ("{{ amount_due | money: 'euro' }}", 1, 17, "“money” takes a currency of three letters"),
        ("{{ code | upcase: 3 }}", 1, 11, "These values do not go together here."),
        ("{% if has_payment_link %}{% else %}{{ code | money }}{% endif %}", 1, 46, "“money” needs"),
        ("{% if code %}" * 9 + "{% endif %}" * 9, 1, 95, "Conditions stand too deep"),
        ("![x](https://a.example/b.png)", 1, 1, "Pictures cannot be part of a message yet."),
        ("a\n[x](page)", 2, 1, "A link starts with https://, mailto: or tel:."),
        ("[x](javascript:alert)", 1, 1, "A link starts with https://"),
        ("[x](mailto:)", 1, 1, "A link starts with https://"),
        ("[x]()", 1, 1, "A link starts with https://"),
        ("[x]({{ first_name }})", 1, 1, "first_name is not an address, so it cannot be a link."),
        ("[x](https://a.example/?n={{ first_name }})", 1, 1, "A link holds either a whole address or one field alone"),
        ("[x]({{ payment_link | default: 'x' }})", 1, 1, "A link holds either a whole address"),
        ("[x]({% if code %}a{% endif %})", 1, 1, "A link holds either a whole address"),
        ("**{% if code %}a** b{% endif %}", 1, 1, "{% endif %} belongs to a condition that begins in another block."),
        ("- {% if code %}\n\nb\n\n{% endif %}", 5, 1, "{% endif %} belongs to a condition"),
        ('[x](https://a.example "{% if code %}")\n\nb {% endif %}', 1, 1, "{% if code %} cannot stand here."),
        ("[x]: {{ payment_link }}\n\ny", 1, 1, "{{ payment_link }} cannot stand here."),
        ("", 1, 1, "Write the message."),
        ("x" * 20_001, 1, 1, "Too long. At most 20,000 characters."),
    ],
)
def test_a_wording_that_cannot_be_sent_is_refused_with_the_place(body, line, column, text):
    part, found_line, found_column, found = wrong(body)[0]
    assert (part, found_line, found_column) == ("body", line, column)
    assert found.startswith(text)


def test_every_unknown_field_is_named_at_once_and_problems_read_as_sentences():
    with pytest.raises(CompileFailed) as failed:
        compile_email("{{ a }}", "{{ first_nam }}\n{{ b }}", LAYOUT)
    assert [one.sentence for one in failed.value.problems] == [
        "Subject: a is not a known field.",
        "Line 1: first_nam is not a known field. Did you mean first_name?",
        "Line 2: b is not a known field.",
    ]


@pytest.mark.parametrize(("subject", "text"), [(" ", "Write a subject."), ("a\nb", "A subject has one line.")])
def test_a_subject_is_one_line_of_words(subject, text):
    assert wrong("x", subject) == [("subject", 1, 1, text)]


@pytest.mark.parametrize(
    "hostile",
    [
        "{% if code %}" * 1_500,
        "[" * 19_000,
        "*a_" * 6_000,
        "> " * 9_000 + "x",
        "{{ code " + "| upcase " * 2_000 + "}}",
        "{% case code %}" + "{% when 'a' %}b" * 1_200 + "{% endcase %}",
    ],
)
def test_hostile_texts_end_soon(hostile):
    started = time.process_time()
    with suppress(CompileFailed):
        compile_email("s", hostile, LAYOUT)
    assert time.process_time() - started < 5


def test_a_value_that_is_missing_or_too_long_stops_this_message_alone_and_names_only_the_field():
    compiled = compile_email("s", "{{ first_name }} {{ code }}", LAYOUT)
    for values in ({**SAMPLES, "code": None}, {**SAMPLES, "code": "secret" * 2_000}):
        with pytest.raises(RenderFailed) as failed:
            render(compiled, values)
        assert (failed.value.field, "secret" in str(failed.value)) == ("code", False)
    assert render(compiled, SAMPLES).text.startswith("Ana 482 913")


def test_a_text_that_grows_too_long_with_its_values_stops_this_message_alone():
    compiled = compile_email("s", "{{ note }} " * 100, LAYOUT)
    with pytest.raises(RenderFailed, match="The text becomes too long"):
        render(compiled, {**SAMPLES, "note": "n" * 9_000})


def test_comparing_what_cannot_be_compared_stops_this_message_alone():
    compiled = compile_email("s", "{% if note contains code %}a{% endif %}", LAYOUT)
    assert render(compiled, SAMPLES)
    with pytest.raises(CompileFailed, match="These values do not go together"):
        compile_email("s", "{% if code > 3 %}a{% endif %}", LAYOUT)


def test_other_faults_of_the_language_are_told_without_technical_words():
    assert sentence(LiquidError("secret", token=None)) == "This cannot be worked out."


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ due_date | date }}", "2026-12-01", "1 December 2026"),
        ("{{ due_date | date: '%d.%m.%y' }}", date(2026, 12, 1), "01.12.26"),
        ("{{ amount_due | money: 'USD' }}", "-1240.5", "-$1,240.50"),
        ("{{ amount_due | money: 'CHF' }}", Decimal(7), "CHF\u00a07.00"),
        ("{{ note | default: 'none' }}", "", "none"),
        ("{{ note | default: 'none' }}", "a", "a"),
        ("{{ note | upcase }}", "ß a", "SS A"),
        ("{{ note | downcase }}", "A", "a"),
        ("{{ note | capitalize }}", "ana", "Ana"),
        ("{{ note | strip }}|", " a ", "a|"),
        ("{{ note | phone }}", "+351912345678", "+351 912 345 678"),
        ("{{ note | phone }}", "none", "none"),
        ("{{ has_payment_link }}", True, "true"),
        ("{{ has_payment_link }}", "no", "false"),
    ],
)
def test_fields_and_filters_show_values_as_people_write_them(source, value, shown):
    name = source.split()[1]
    assert made(source, **{name: value}).text.split("\n")[0] == shown


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("due_date", "1.12.2026", "Enter a day as year-month-day, like 2026-12-05."),
        ("amount_due", "much", "Enter an amount like 240.00."),
        ("amount_due", "NaN", "Enter an amount like 240.00."),
        ("amount_due", "1e999", "Enter an amount like 240.00."),
        ("amount_due", "1" * 40, "Enter an amount like 240.00."),
        ("payment_link", "pay.example", "Enter a web address that starts with https://."),
        ("code", "x" * 10_001, "Enter at most 10,000 characters."),
    ],
)
def test_values_people_type_are_checked_before_they_are_queued(name, value, problem):
    assert check_values([name, "note"], {name: value}) == {name: problem}
    assert check_values([name], {name: SAMPLES[name]}) == {}


def test_only_fields_that_nobody_else_fills_are_asked_for():
    compiled = compile_email("{{ code }}", "{{ first_name }} {{ event_name }} {{ org_name }}", LAYOUT)
    assert [field.name for field in asked(fields_of(compiled))] == ["event_name", "code"]
    assert {"sender_name", "postal_address", "unsubscribe_url"} <= fields_of(compiled)
    values = {name: text for name, text in SAMPLES.items() if name != "org_name"}
    assert "Tidewell Events" in render(compiled, values).text


def test_the_first_name_is_the_first_word_of_the_full_one():
    assert client_values("Ana Maria Silva") == {"first_name": "Ana", "full_name": "Ana Maria Silva"}
    assert client_values(" ") == {"first_name": "", "full_name": " "}


def test_the_hash_is_of_the_wording_and_nothing_can_be_shifted_between_its_parts():
    assert content_hash("a", "bc") == content_hash("a", "bc")
    assert len({content_hash("a", "bc"), content_hash("ab", "c"), content_hash("", "abc")}) == 3


def test_every_starter_but_the_empty_page_is_fit_to_be_sent():
    for key, starter in STARTERS.items():
        if key != "empty":
            assert render(compile_email(starter.subject, starter.body, LAYOUT), SAMPLES).subject


def test_every_field_of_the_catalogue_has_a_sample_it_accepts():
    assert check_values(FIELDS, SAMPLES) == {}
