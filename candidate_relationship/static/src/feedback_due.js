import { _t } from "@web/core/l10n/translation";
import { toLocaleDateString } from "@web/core/l10n/dates";

const { DateTime } = luxon;

const RUNNING = ["running", "on_time", "today", "overdue"];

export const DUE_ICONS = {
    on_time: "fa-clock-o",
    today: "fa-hourglass-half",
    overdue: "fa-exclamation-circle",
    no_date: "fa-question-circle-o",
    paused: "fa-pause",
    kept: "fa-check",
    late: "fa-history",
    cancelled: "fa-ban",
};

/**
 * A running promise turns overdue while the page stays open, so what depends on the hour is
 * worked out here and not taken from what the server said when the page was loaded.
 *
 * @param {string | false} status a state or a due status, as stored
 * @param {luxon.DateTime | false} deadline
 * @returns {string | false} on_time, today, overdue, no_date, paused, kept, late or cancelled
 */
export function getDueStatus(status, deadline) {
    if (!RUNNING.includes(status)) {
        return status;
    }
    if (!deadline) {
        return "no_date";
    }
    const now = DateTime.local();
    if (deadline < now) {
        return "overdue";
    }
    return deadline.hasSame(now, "day") ? "today" : "on_time";
}

/**
 * Short enough for a kanban card: a weekday within the next six days, else a date.
 */
export function getDueText(status, deadline) {
    switch (status) {
        case "on_time":
            return getUpcomingText(deadline);
        case "today":
            return _t("Due today");
        case "overdue":
            return getOverdueText(deadline);
        case "no_date":
            return _t("No date");
        case "paused":
            return _t("Paused");
    }
    return "";
}

/**
 * e.g. Thu, Nov 26, 5:00 PM; the year only where it isn't this one.
 */
export function formatDeadline(deadline) {
    const format = { weekday: "short", ...DateTime.DATETIME_MED };
    if (deadline.hasSame(DateTime.local(), "year")) {
        delete format.year;
    }
    return deadline.toLocaleString(format);
}

function getDaysFromToday(deadline) {
    const today = DateTime.local().startOf("day");
    return Math.round(deadline.startOf("day").diff(today, "days").days);
}

function getUpcomingText(deadline) {
    const days = getDaysFromToday(deadline);
    if (days === 1) {
        return _t("Due tomorrow");
    }
    const day = days < 7 ? deadline.toFormat("ccc") : toLocaleDateString(deadline);
    return _t("Due %(day)s", { day });
}

function getOverdueText(deadline) {
    const days = -getDaysFromToday(deadline);
    if (days > 0) {
        return _t("Overdue %(days)s d", { days });
    }
    const hours = Math.floor(DateTime.local().diff(deadline, "hours").hours);
    return hours > 0 ? _t("Overdue %(hours)s h", { hours }) : _t("Overdue");
}
