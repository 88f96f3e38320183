"""What people do in strategy."""

from quarterdeck.strategy.verbs.campaigns import (
    Brief,
    add_phase,
    begin_campaign,
    change_brief,
    end_campaign,
    remove_phase,
    reopen_campaign,
)
from quarterdeck.strategy.verbs.checklists import (
    add_checklist,
    change_template,
    make_template,
    remove_checklist,
    restore_template,
    retire_template,
    tick,
)
from quarterdeck.strategy.verbs.key_results import (
    add_key_result,
    check_in,
    drop_key_result,
    retarget,
    withdraw_check_in,
)
from quarterdeck.strategy.verbs.objectives import change_objective, move_end, read_out, set_objective
from quarterdeck.strategy.verbs.pillars import (
    change_pillar,
    make_pillar,
    restore_pillar,
    retire_pillar,
    set_mix,
)

__all__ = [
    "Brief",
    "add_checklist",
    "add_key_result",
    "add_phase",
    "begin_campaign",
    "change_brief",
    "change_objective",
    "change_pillar",
    "change_template",
    "check_in",
    "drop_key_result",
    "end_campaign",
    "make_pillar",
    "make_template",
    "move_end",
    "read_out",
    "remove_checklist",
    "remove_phase",
    "reopen_campaign",
    "restore_pillar",
    "restore_template",
    "retarget",
    "retire_pillar",
    "retire_template",
    "set_mix",
    "set_objective",
    "tick",
    "withdraw_check_in",
]
