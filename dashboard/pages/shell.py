"""What is around every page: the heading, the way from page to page, and the place for the page itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, contents, ids
from dashboard.access import User
from dashboard.contents import Page

#: Shade 8 has the contrast that the usual shade lacks.
THEME = {
    "primaryColor": "blue",
    "primaryShade": 8,
    "defaultRadius": "md",
    "fontFamily": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "headings": {"fontWeight": "650"},
}
#: A field tells the server what is typed when the typing pauses [ms].
PAUSE_MS = 400
#: A choice among hundreds is searched by words in any order (``assets/page.js``).
AMONG_MANY: dict[str, Any] = {"searchable": True, "clearable": True, "limit": 60, "filter": {"function": "words"}}
#: A button that first lets arrive what was typed last (``assets/page.js``).
SETTLES = {"data-settles": "yes"}


def shell(name: str) -> Any:
    """The page around the pages."""
    return dmc.MantineProvider(
        theme=THEME,
        defaultColorScheme="auto",
        children=[
            dcc.Location(id=ids.LOCATION, refresh=True),
            dcc.Store(id=ids.ADDRESS),
            dcc.Store(id=ids.NARROW),
            html.A("Skip to the content", href=f"#{ids.PAGE}", className="skip"),
            html.Header(_header(name), className="head"),
            html.Div(
                [
                    html.Nav(id=ids.WAYS, className="ways", **{"aria-label": "Pages"}),
                    html.Main(html.Div(id=ids.PAGE, tabIndex=-1), className="main"),
                ],
                className="frame",
            ),
        ],
    )


def _header(name: str) -> Any:
    """The button that shows the pages on a narrow screen (``page.js``), the name, and what suits every page."""
    ways = html.Button(
        "☰", id=ids.WAYS_BUTTON, className="icon-button narrow",
        **{"aria-label": "Pages", "aria-expanded": "false", "aria-controls": ids.WAYS},
    )  # fmt: skip
    scheme = dmc.ColorSchemeToggle(
        lightIcon="☀", darkIcon="☾", variant="subtle", size="lg", **{"aria-label": "Light or dark page"}
    )
    printing = html.Button("Print", className="text-button prints")
    brand = html.A(name, href=contents.PAGES[0].path, className="brand")
    return [html.Div([ways, brand], className="row"), html.Div([printing, scheme], className="row")]


def ways(user: User, here: Page | None, run: str = "") -> list[Any]:
    """The way to each page that the user may open; those of a run lead to the run that is looked at."""
    return [part for group, pages in contents.groups(user) for part in _group(group, pages, here, run)]


def _group(group: str, pages: list[Page], here: Page | None, run: str) -> Iterator[Any]:
    if group:
        yield html.Div(group, className="ways-group")
    yield html.Ul([html.Li(_way(page, page is here, run)) for page in pages])


def _way(page: Page, is_here: bool, run: str) -> Any:
    about = {"id": _id(page), "href": page.path + (f"?run={quote(run)}" if run and page.needs_run else "")}
    words = [icon(page), html.Span(page.title)]
    if is_here:  # a plain link, because dcc.Link cannot say where one is
        return html.A(words, className="way here", **about, **{"aria-current": "page"})
    return dcc.Link(words, className="way", **about)


def _id(page: Page) -> Any:
    return {"type": ids.RUN_WAY, "page": page.path} if page.needs_run else f"way-{page.name}"


def icon(page: Page) -> Any:
    """The drawing of a page, in the colour of the text around it."""
    lines = (
        f"fill='none' stroke='black' stroke-width='2' stroke-linecap='round' stroke-linejoin='round' d='{page.icon}'"
    )
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><path {lines}/></svg>"
    mask = f'url("data:image/svg+xml,{quote(drawing)}")'
    return html.Span(className="icon", style={"maskImage": mask, "WebkitMaskImage": mask}, **{"aria-hidden": "true"})


def title(page: Page) -> Any:
    """The heading of a page and a sentence on what it is for."""
    return dmc.Stack([dmc.Title(page.title, order=1, size="h2"), dmc.Text(page.lead, c="dimmed", maw=760)], gap=4)


def section(text: str, *children: Any, order: int = 2, **more: Any) -> Any:
    """A heading and what stands under it."""
    return html.Section(dmc.Stack([dmc.Title(text, order=order, size="h4"), *children], gap="sm"), **more)


def empty(text: str, *more: Any) -> Any:
    """What stands where there is nothing yet."""
    return dmc.Paper(dmc.Stack([dmc.Text(text, c="dimmed"), *more], gap="xs"), withBorder=True, p="lg")


def trouble(text: str, said: tuple[str, ...] | list[str] = ()) -> Any:
    """What went wrong, and what was said about it."""
    listed = dmc.List([dmc.ListItem(one) for one in said], size="sm") if said else None
    return dmc.Alert(listed, title=text, color="red", variant="light")


def alone(page: Page, *body: Any) -> Any:
    """A page of a heading and what stands under it."""
    return dmc.Container(dmc.Stack([title(page), *body], gap="lg"), fluid=True, px=0)


def no_run(page: Page) -> Any:
    """A page of a run when the store has none."""
    way = html.A("Go to What if and run one", href=address.WHAT_IF)
    return alone(page, empty("There is no run to look at yet.", way))


def not_for(page: Page) -> Any:
    """A page that the user may not open."""
    roles = " and ".join(role.replace("_", " ") for role in page.roles)
    return alone(page, empty(f"Only {roles} may see this page."))


def unknown(path: str) -> Any:
    """What an address shows that is none of ours."""
    ways_on = html.Ul([html.Li(html.A(page.title, href=page.path)) for page in contents.PAGES])
    said = f"There is no page {path[:80]!r}. These there are:"
    return dmc.Stack([dmc.Title("No such page", order=1, size="h2"), empty(said, ways_on)], gap="lg")
