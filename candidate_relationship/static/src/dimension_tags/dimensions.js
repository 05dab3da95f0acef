import { _t } from "@web/core/l10n/translation";

/** The dimensions of tags with their labels, in the order in which they are shown. */
export const DIMENSIONS = [
    ["skill", _t("Skill")],
    ["industry", _t("Industry")],
    ["position", _t("Desired Position")],
    ["seniority", _t("Seniority")],
    ["location", _t("Location")],
    ["event", _t("Source Event")],
    ["other", _t("Other")],
];

const ORDER = Object.fromEntries(DIMENSIONS.map(([dimension], index) => [dimension, index]));
const LABELS = Object.fromEntries(DIMENSIONS);

export function getDimensionLabel(dimension) {
    return LABELS[dimension] || LABELS.other;
}

/** Tags by dimension; those of one dimension stay in the order they have. */
export function sortByDimension(tags) {
    const position = ({ dimension }) => ORDER[dimension] ?? ORDER.other;
    return [...tags].sort((left, right) => position(left) - position(right));
}

/** @returns {{dimension: string, label: string, tags: object[]}[]} */
export function groupByDimension(tags) {
    const groups = [];
    for (const tag of sortByDimension(tags)) {
        if (groups.at(-1)?.dimension !== tag.dimension) {
            const { dimension } = tag;
            groups.push({ dimension, label: getDimensionLabel(dimension), tags: [] });
        }
        groups.at(-1).tags.push(tag);
    }
    return groups;
}
