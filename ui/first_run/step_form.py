"""One step of a guided path: a form whose Enter goes to what is still empty, and at its end to the next step."""

from __future__ import annotations

from ui.forms.form import Form


class StepForm(Form):
    """Enter in a filled field moves to the next empty one; where none is left, the step is done.

    A step is on its way to be taken: nobody need be told that it is not saved yet.
    """

    says_unsaved = False

    def submit(self) -> None:
        """Go to an empty field below the one that has the focus, or judge all and go on."""
        boxes = list(self.boxes.values())
        at = next((place for place, box in enumerate(boxes) if box.edit.hasFocus()), len(boxes))
        if at < len(boxes) and boxes[at].text() and boxes[at].judge():
            following = next((box for box in boxes[at + 1 :] if not box.text() and not box.field.optional), None)
            if following is not None:
                following.setFocus()
                return
        super().submit()
