"""What all models of a scenario share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$", max_length=64)]
#: A word of the user's own, such as ``[18F]FDG``: without control characters, which no table and no page can show.
LABEL_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$"
Label = Annotated[str, StringConstraints(pattern=LABEL_PATTERN, max_length=64)]
Count = Annotated[int, Field(ge=1, le=1000, strict=True)]


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, use_attribute_docstrings=True)
