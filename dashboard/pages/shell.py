"""What is around every page: the heading, the way from page to page, and the place for the page itself."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, ids

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
LINKS = ((ids.WHAT_IF_LINK, "What if", address.WHAT_IF), (ids.DAY_LINK, "Day", address.DAY))


def shell(name: str) -> Any:
    """The page around the pages."""
    return dmc.MantineProvider(
        theme=THEME,
        defaultColorScheme="auto",
        children=[
            dcc.Location(id=ids.LOCATION, refresh=True),
            dcc.Store(id=ids.ADDRESS),
            html.A("Skip to the content", href=f"#{ids.PAGE}", className="skip"),
            dmc.AppShell(
                [dmc.AppShellHeader(_header(name)), dmc.AppShellMain(html.Div(id=ids.PAGE, tabIndex=-1))],
                header={"height": 60},
                padding="md",
            ),
        ],
    )


def _header(name: str) -> Any:
    brand = dmc.Text(name, fw=700, size="lg", truncate="end", visibleFrom="xs")
    links = [dcc.Link(label, id=key, href=path, className="nav") for key, label, path in LINKS]
    nav = html.Nav(dmc.Group(links, gap="xs", wrap="nowrap"), **{"aria-label": "Pages"})
    scheme = dmc.ColorSchemeToggle(
        lightIcon="☀", darkIcon="☾", variant="subtle", size="lg", **{"aria-label": "Light or dark page"}
    )
    return dmc.Group(
        [dmc.Group([brand, nav], gap="xl", wrap="nowrap"), scheme], h="100%", px="md", justify="space-between"
    )


def marked(path: str) -> tuple[str, ...]:
    """How each way to a page looks from a page."""
    return tuple("nav here" if path.rstrip("/") == way.rstrip("/") else "nav" for _, _, way in LINKS)


def title(text: str, lead: str) -> Any:
    """The heading of a page and a sentence on what it is for."""
    return dmc.Stack([dmc.Title(text, order=1, size="h2"), dmc.Text(lead, c="dimmed", maw=760)], gap=4)


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
