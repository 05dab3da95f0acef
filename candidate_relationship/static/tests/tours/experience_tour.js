import { registry } from "@web/core/registry";

/** The answers come from tests/test_experience_tour.py. */
const SCREEN = ".o_experience_screen";
const chosen = (name, text) => `${SCREEN} .o_experience_${name} option:checked:contains('${text}')`;

registry.category("web_tour.tours").add("candidate_relationship_experience", {
    steps: () => [
        {
            content: "What was published before",
            trigger: `${SCREEN} .o_experience_answers:contains(/^40$/)`,
        },
        {
            content: "Enough is waiting",
            trigger: `${SCREEN}:contains('Enough answers for the next figures are there')`,
        },
        {
            content: "Publish it",
            trigger: ".o_experience_publish",
            run: "click",
        },
        {
            content: "It is in the figures",
            trigger: `${SCREEN} .o_experience_answers:contains(/^93$/)`,
        },
        {
            content: "The best department is the first",
            trigger: `${SCREEN} .o_experience_slices tbody tr:first:contains('Several departments'), ${SCREEN} .o_experience_slices tbody tr:first:contains('Sales')`,
        },
        {
            content: "What detractors name",
            trigger: `${SCREEN} .o_experience_themes tbody tr:first:contains('Late interviewer'):contains('100%')`,
        },
        {
            content: "What goes with the recommendation",
            trigger: `${SCREEN} .o_experience_statements tbody tr:first:contains('On time')`,
        },
        {
            content: "Look at one department",
            trigger: ".o_experience_department",
            run: "selectByLabel Sales",
        },
        {
            content: "Its figures alone",
            trigger: `${SCREEN}:has(${chosen("department", "Sales").replace(`${SCREEN} `, "")}) .o_experience_answers:contains(/^70$/)`,
        },
        {
            content: "Nothing of a comment is run",
            trigger: `${SCREEN} .o_experience_comment:contains('<script>alert(1)</script>')`,
        },
        {
            content: "More comments",
            trigger: ".o_experience_next",
            run: "click",
        },
        {
            content: "The rest of them",
            trigger: `${SCREEN} .o_experience_comments:contains('21–24 of 24')`,
        },
        {
            content: "What was found",
            trigger: "button[data-menu-xmlid='hr_recruitment.report_hr_recruitment']",
            run: "click",
        },
        {
            content: "Findings",
            trigger:
                ".dropdown-item[data-menu-xmlid='candidate_relationship.hr_experience_finding_menu']",
            run: "click",
        },
        {
            content: "The fall of the department",
            trigger: ".o_list_view .o_data_row:contains('Sales'):contains('NPS fell') .o_data_cell",
            run: "click",
        },
        {
            content: "To its figures",
            trigger: ".o_form_view button[name='action_open_experience']",
            run: "click",
        },
        {
            content: "Of that department and quarter",
            trigger: `${SCREEN} .o_experience_answers:contains(/^30$/)`,
        },
    ],
});

registry.category("web_tour.tours").add("candidate_relationship_experience_empty", {
    steps: () => [
        {
            content: "Why there is nothing, and not how many have answered",
            trigger: ".o_experience_empty:contains('Too few answers wait')",
        },
        {
            content: "Publishing is for administrators",
            trigger: `${SCREEN}:not(:has(.o_experience_publish))`,
        },
    ],
});

registry.category("web_tour.tours").add("candidate_relationship_experience_phone", {
    steps: () => [
        {
            content: "Nothing sticks out",
            trigger: `${SCREEN} .o_experience_answers`,
            run: () => {
                const content = document.querySelector(".o_experience_screen .o_content");
                if (content.scrollWidth > content.clientWidth) {
                    throw new Error(`${content.scrollWidth} wide in ${content.clientWidth}`);
                }
            },
        },
        {
            content: "A department by its button, with the keyboard",
            trigger: `${SCREEN} .o_experience_slices button:contains('Sales')`,
            run: async ({ queryFirst }) => {
                const button = [...document.querySelectorAll(".o_experience_slices button")].find(
                    (element) => element.textContent.includes("Sales")
                );
                button.focus();
                if (document.activeElement !== button) {
                    throw new Error("it can't be reached by keyboard");
                }
                button.click();
            },
        },
        {
            content: "Its figures",
            trigger: `${SCREEN} .o_experience_answers:contains(/^70$/)`,
        },
        {
            content: "The next page of comments takes the keyboard to its beginning",
            trigger: ".o_experience_next",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".o_experience_comments h2:focus",
        },
    ],
});
