"""The form of a what-if: fields from the JSON Schema, and a patch from the fields. No dash but in `view`."""
