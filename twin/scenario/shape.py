"""What keys the models know at a path: for nearest names and for ``--set``."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from twin.scenario.model import Scenario
from twin.scenario.reading import Path


class Shape(NamedTuple):
    """A model (its fields), a map by name (its values' shape), a list (its items' shape), or a leaf."""

    model: type[BaseModel] | None = None
    values: Any = None
    items: Any = None

    @property
    def is_value(self) -> bool:
        """Whether it is read as a whole, even if it is written as a list or a map."""
        return self.model is None and self.values is None


ROOT = Shape(model=Scenario)


def shape_of(annotation: Any) -> Shape:
    """The shape of a type; the first of a union that has one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return shape_of(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return next((found for part in get_args(annotation) if (found := shape_of(part)) != Shape()), Shape())
    if origin is dict:
        return Shape(values=get_args(annotation)[1])
    if origin is tuple:
        return Shape(items=get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(model=annotation)
    return Shape()


def fields(shape: Shape) -> dict[str, FieldInfo]:
    """The fields of a model by the names that a file uses."""
    if shape.model is None:
        return {}
    return {info.alias or name: info for name, info in shape.model.model_fields.items()}


def child(shape: Shape, key: str | int) -> Shape | None:
    """The shape below a key; None: there is no such key."""
    if shape.model is not None:
        info = fields(shape).get(str(key))
        return None if info is None else shape_of(info.annotation)
    if shape.values is not None and isinstance(key, str):
        return shape_of(shape.values)
    return shape_of(shape.items) if shape.items is not None and isinstance(key, int) else None


def at(path: Path) -> Shape:
    """The shape at a path; a leaf if there is none."""
    shape = ROOT
    for key in path:
        shape = child(shape, key) or Shape()
    return shape


def names(shape: Shape) -> Iterable[str]:
    """The keys that a model knows."""
    return fields(shape).keys()
