import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    KanbanMany2ManyTagsField,
    kanbanMany2ManyTagsField,
} from "@web/views/fields/many2many_tags/kanban_many2many_tags_field";
import {
    Many2ManyTagsField,
    many2ManyTagsField,
    Many2ManyTagsFieldColorEditable,
    many2ManyTagsFieldColorEditable,
} from "@web/views/fields/many2many_tags/many2many_tags_field";
import {
    DIMENSIONS,
    getDimensionLabel,
    groupByDimension,
    sortByDimension,
} from "@candidate_relationship/dimension_tags/dimensions";

/** Odoo's tags in the order of their dimensions, which a tooltip names. */
const withDimensions = (Tags) =>
    class extends Tags {
        getTagProps(record) {
            const { dimension, display_name } = record.data;
            const label = getDimensionLabel(dimension);
            return {
                ...super.getTagProps(record),
                dimension,
                title: _t("%(dimension)s: %(tag)s", { dimension: label, tag: display_name }),
            };
        }

        get tags() {
            return sortByDimension(super.tags);
        }
    };

export class DimensionTagsField extends withDimensions(Many2ManyTagsField) {}

export class KanbanDimensionTagsField extends withDimensions(KanbanMany2ManyTagsField) {}

/** Beside the colour, a click on a tag lets one choose its dimension. */
class DimensionPopover extends Many2ManyTagsFieldColorEditable.components.Popover {
    static template = "candidate_relationship.DimensionPopover";
    static props = {
        ...super.props,
        dimension: { type: String, optional: true },
        setDimension: Function,
    };

    get dimensions() {
        return DIMENSIONS;
    }
}

/** In a form there is room to write the dimension in front of its tags. */
export class FormDimensionTagsField extends withDimensions(Many2ManyTagsFieldColorEditable) {
    static template = "candidate_relationship.FormDimensionTagsField";
    static components = { ...super.components, Popover: DimensionPopover };

    get groups() {
        return groupByDimension(this.tags);
    }

    /** Where nobody uses dimensions, tags look as ever. */
    get hasLabels() {
        return this.tags.some(({ dimension }) => dimension !== "other");
    }

    onTagClick(ev, record) {
        if (!this.props.canEditColor || this.popover.isOpen) {
            return super.onTagClick(ev, record);
        }
        this.popover.open(ev.currentTarget, {
            colors: this.constructor.RECORD_COLORS,
            tag: { id: record.id, colorIndex: record.data[this.props.colorField] },
            dimension: record.data.dimension,
            switchTagColor: this.switchTagColor.bind(this),
            onTagVisibilityChange: this.onTagVisibilityChange.bind(this),
            setDimension: (dimension) => this.setDimension(record, dimension),
        });
    }

    async setDimension(record, dimension) {
        this.popover.close();
        await record.update({ dimension });
        await record.save();
    }
}

// Read together with the tag's name and colour: no second query.
const dimensionField = {
    name: "dimension",
    type: "selection",
    selection: DIMENSIONS,
    readonly: false,
};

const withDimensionField = (field, component) => ({
    ...field,
    component,
    displayName: _t("Tags by Dimension"),
    supportedTypes: ["many2many"],
    relatedFields: (fieldInfo) => [...field.relatedFields(fieldInfo), dimensionField],
});

const fields = registry.category("fields");
fields.add("dimension_tags", withDimensionField(many2ManyTagsField, DimensionTagsField));
fields.add(
    "kanban.dimension_tags",
    withDimensionField(kanbanMany2ManyTagsField, KanbanDimensionTagsField)
);
fields.add(
    "form.dimension_tags",
    withDimensionField(many2ManyTagsFieldColorEditable, FormDimensionTagsField)
);
