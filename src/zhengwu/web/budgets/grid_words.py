"""What the scripts of the grid say, in the language of the page; values stand in braces."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Every sentence of static/budgets/grid*.js by its name there."""
    return {
        "row": _("Row {row}"), "new_row": _("new row"), "empty": _("empty"),
        "saved": _("All saved"), "saving": _("Saving {count} …"), "waiting": _("{count} not saved yet"),
        "offline": _("No connection. {count} changes are kept on this machine and sent as soon as it is back."),
        "offline_none": _("No connection. What you type is kept on this machine and sent as soon as it is back."),
        "no_room": _("The browser has no room to keep these changes: leave this page open until they are sent."),
        "signed_out": _("Your session has ended. Sign in in another window: what you typed is kept and sent then."),
        "closed": _("{reason} {count} changes were not saved; they are kept here and marked."),
        "closed_none": _("The budget can no longer be edited ({state})."),
        "send": _("Send again"), "discard": _("Discard them"), "server": _("The server did not answer; trying again."),
        "discard_question": _("Discard what you typed and was not saved?"),
        "loading": _("Loading …"), "failed": _("The rows could not be loaded. Load the page again."),
        "back": _("The connection is back."), "kept": _("{count} changes from before were found and are sent now."),
        "kept_elsewhere": _("{count} changes of the sheet “{sheet}” were not sent yet:"), "open": _("Open it"),
        "wrong": _("Not saved: {sentence}"), "last": _("last changed by {who}, {when}"),
        "conflict_head": _("Somebody else changed the same place"),
        "conflict": _("{place}: you typed “{mine}”, {who} typed “{theirs}” ({when})."),
        "conflict_gone": _("{place}: {who} removed this row ({when}) while you changed it."),
        "conflict_changed": _("{place}: {who} typed “{theirs}” ({when}) into the row that you remove."),
        "someone": _("somebody else"), "mine": _("Take mine"), "theirs": _("Leave the other"),
        "bring_back": _("Bring the row back"), "let_go": _("Let it go"), "remove": _("Remove it all the same"),
        "keep_row": _("Keep the row"),
        "undone": _("Undone."), "redone": _("Done again."), "nothing_undo": _("There is nothing to undo."),
        "nothing_redo": _("There is nothing to do again."),
        "undo_left": _("{count} cells were changed by others meanwhile and stay as they are."),
        "pasted": _("Pasted {rows} rows, {columns} columns."), "cut_off": _("Columns beyond the last were left out."),
        "header_used": _("The first row was taken as the titles of the columns."),
        "left_out": _("Columns that this sheet lacks were left out: {titles}."), "untitled": _("one without a title"),
        "foreign_unit": _("Nothing was pasted: “{title}” names another unit. Amounts are in yuan here: convert them, then paste again."),
        "copied": _("Copied {rows} rows, {columns} columns."), "removed": _("{count} rows removed."),
        "no_rows": _("No row is chosen."), "by_others": _("{count} rows were changed by others."),
        "read_only": _("This sheet is shown to be read only."),
        "faults_none": _("Nothing to mend."), "faults": _("{count} to mend"), "fault_more": _("and {count} more"),
        "fault_next": _("Fault {number} of {count}: {sentence}"), "fault_no": _("No fault in this sheet."),
        "remark": _("Remark by {who}: {text}"), "said": _("Said."), "not_said": _("That could not be said; try again."),
        "remark_cell": _("Remark on {place}"), "choose_cell": _("Choose a cell first."),
        "basic": _("Basic expenditure"), "all": _("Total"), "over": _("{amount} over"), "no_project": _("(no project)"),
        "selected": _("{cells} cells, sum {sum}"), "found": _("{count} of {all} rows"), "no_match": _("Nothing found"),
        "checking": _("Checking …"), "unchecked": _("not checked just now"),
    }  # fmt: skip
