import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The people come from tests/test_applicant_tags_tour.py. */
registry.category("web_tour.tours").add("candidate_relationship_find_in_pool", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the Recruitment app",
            trigger: '.o_app[data-menu-xmlid="hr_recruitment.menu_hr_recruitment_root"]',
            run: "click",
        },
        {
            content: "Open the menu of applications",
            trigger:
                ".o_menu_sections button[data-menu-xmlid='hr_recruitment.menu_crm_case_categ0_act_job']",
            run: "click",
        },
        {
            content: "Open all talents",
            trigger: "[data-menu-xmlid='candidate_relationship.menu_hr_talent']",
            run: "click",
        },
        {
            content: "The tags are in the panel, by dimension, with how many have them",
            trigger:
                ".o_kanban_view .o_search_panel_filter_group:contains('Skill') .o_search_panel_filter_value:contains('Tour Python'):contains('2')",
        },
        {
            content: "Those who know Python",
            trigger: ".o_search_panel_filter_value:contains('Tour Python') input",
            run: "click",
        },
        {
            content: "Jon does not",
            trigger:
                ".o_kanban_renderer:not(:contains('Jon Java')) .o_kanban_record:contains('Pia Paris')",
        },
        {
            content: "And live in Berlin",
            trigger: ".o_search_panel_filter_value:contains('Tour Berlin') input",
            run: "click",
        },
        {
            content: "Only Bea is left: open her",
            trigger:
                ".o_kanban_renderer:not(:contains('Pia Paris')) .o_kanban_record:contains('Bea Berlin')",
            run: "click",
        },
        {
            content: "Her tags stand by dimension",
            trigger:
                ".o_field_widget[name='categ_ids'] .o_dimension_group[data-dimension='location']:contains('Location'):contains('Tour Berlin')",
        },
        {
            content: "Ask which tags fit her",
            trigger: ".o_tag_suggest",
            run: "click",
        },
        {
            content: "Add the one that is called like her department",
            trigger: ".o_tag_suggestion:not(.o_tag_suggestion_new):contains('Tour Bank')",
            run: "click",
        },
        {
            content: "It is with the industries now, and no longer proposed",
            trigger:
                ".o_form_view:not(:has(.o_tag_suggestion:contains('Tour Bank'))) .o_dimension_group[data-dimension='industry']:contains('Tour Bank')",
        },
        ...stepUtils.saveForm(),
    ],
});
