import { registry } from "@web/core/registry";

/**
 * The candidates come from tests/test_stage_history_tour.py: Mia was moved once, Nina has more stays
 * than one page holds, Otto has no job and so no stage.
 */
const TAB = ".o_applicant_form .nav-link[name='stage_history']";
const ROWS = ".o_related_list .o_data_row";

const openTab = [
    {
        content: "The list is not there before its tab is opened",
        trigger: `.o_applicant_form:not(:has(.o_related_list)) .nav-link[name='stage_history']`,
    },
    {
        content: "Open the tab",
        trigger: TAB,
        run: "click",
    },
];

registry.category("web_tour.tours").add("candidate_relationship_stages", {
    steps: () => [
        {
            content: "Open Mia's application",
            trigger: ".o_data_row:contains('Mia Moved') td[name='partner_name']",
            run: "click",
        },
        ...openTab,
        {
            content: "The stays are in their order, and the last one goes on",
            trigger: `${ROWS}:first:contains('Moved On')`,
        },
        {
            content: "No row can be opened: it says all",
            trigger: `.o_related_list .o_data_row:last:contains('Still There')`,
            run: "click",
        },
        {
            content: "Sort them by the time they were left",
            trigger: ".o_related_list th[data-name='entered_datetime']",
            run: "click",
        },
        {
            content: "Once more, the other way round",
            trigger: ".o_related_list th[data-name='entered_datetime']:has(.fa-sort-asc)",
            run: "click",
        },
        {
            content: "The last one is the first now",
            trigger: ".o_related_list .o_data_row:first:contains('Still There')",
        },
        {
            content: "Move the application on",
            trigger: ".o_statusbar_status button[data-value]:contains('Tour Third')",
            run: "click",
        },
        {
            content: "The new stay is in the list",
            trigger: ".o_related_list .o_data_row:contains('Tour Third'):contains('Still There')",
        },
        {
            content: "There are three, none of them twice",
            trigger:
                ".o_related_list tbody:has(.o_data_row:nth-child(3)):not(:has(.o_data_row:nth-child(4)))",
        },
        {
            content: "Go to the next application",
            trigger: ".o_control_panel .o_pager_next",
            run: "click",
        },
        {
            content: "Its stays are read, a page of them",
            trigger:
                ".o_applicant_form:has(div[name='partner_name'] input:value(Nina Numerous)) .o_related_list_pager:contains('1-80')",
        },
        {
            content: "The next page",
            trigger: ".o_related_list_pager .o_pager_next",
            run: "click",
        },
        {
            content: "It holds the rest",
            trigger:
                ".o_related_list:has(.o_related_list_pager:contains('81-85')) .o_data_row:last:contains('Still There')",
        },
        {
            content: "Go to the next application",
            trigger: ".o_control_panel .o_pager_next",
            run: "click",
        },
        {
            content: "Without a stage it says what would be here",
            trigger:
                ".o_related_list:not(:has(.o_data_row)) .o_nocontent_help:contains('As soon as')",
        },
    ],
});
