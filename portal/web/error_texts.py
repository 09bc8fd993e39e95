"""The words of the error pages: what happened, what it means, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One error page's words."""

    title: str
    text: str
    remedy: str = ""
    icon: str = "alert"
    kind: str = "warn"


NOT_FOUND = Text(
    "There is no such page",
    "The address is wrong, the thing is gone, or you may not see it.",
    "Check the address, or start again from the home page.",
    icon="search",
    kind="info",
)

TEXTS = {
    400: Text(
        "We could not read that request",
        "Something in it was missing or not in a form we know. Nothing was changed.",
        "Go back, reload the page and try again.",
    ),
    401: Text("Please sign in", "This page is open to staff who are signed in.", "Sign in and come back.", icon="lock"),
    403: Text("You need another role", "Your role does not allow this.", "Ask an administrator.", icon="lock"),
    404: NOT_FOUND,
    405: Text(
        "This address does not take that",
        "The page exists, but not for this kind of request. Nothing was changed.",
        "Open the page from the navigation and use its form.",
    ),
    409: Text(
        "Somebody else changed this meanwhile",
        "Your change was not saved, so that theirs is not lost.",
        "Reload the page, look at what changed, and make your change again.",
        icon="users",
    ),
    413: Text(
        "That is too large",
        "The form or file is larger than this page takes. Nothing was saved.",
        "Send less at once, or a smaller file.",
    ),
    422: Text(
        "Something in the form needs another look",
        "Nothing was saved.",
        "Go back to the form; each problem is named beside its field.",
    ),
    429: Text(
        "That was too often",
        "To protect the accounts, this is limited. Nothing was changed.",
        "Wait a moment and try again.",
        icon="clock",
    ),
    500: Text(
        "Something went wrong on our side",
        "Your last change was not saved; nothing was sent because of it.",
        "Try again. If it happens twice, give this reference to an administrator.",
        kind="bad",
    ),
    503: Text(
        "This is not available just now",
        "A part of the portal does not answer. Nothing was changed.",
        "Try again in a minute. If it stays so, give this reference to an administrator.",
        kind="bad",
    ),
}

DATABASE_DOWN = Text(
    "The database does not answer",
    "The portal itself runs, but it can neither show nor save anything now. Your last change was not saved.",
    "Try again in a minute. If it stays so, give this reference to an administrator.",
    kind="bad",
)

EXPIRED_FORM = Text(
    "This page was open too long",
    "Its form is no longer valid, so nothing was saved. Your text is still on the page you came from.",
    "Go back, copy what you wrote if it was long, reload the page and send it again.",
    icon="clock",
)

HOST_REFUSED = (
    "This portal does not answer under the address you used. Use the address you were given, "
    "or ask an administrator to add this one to ALLOWED_HOSTS."
)
