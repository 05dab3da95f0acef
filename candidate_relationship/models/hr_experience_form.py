"""What somebody has entered in the page of an experience survey, and whether it can be kept."""

from hashlib import sha256

from .hr_experience_comment import LONGEST_COMMENT


class ExperienceForm:
    """The questions of a questionnaire, as they are shown in a language, with what was entered.

    What the questionnaire does not know is left out: questions and options that are no more, and
    whatever somebody else made up.
    """

    def __init__(self, survey, threshold, posted=None):
        """
        :param survey: ``survey.survey`` in superuser mode and in the language of the page
        :param threshold: of how many people, at least, the answer will be shown together with
        :param posted: a multi dict; None for an empty form
        """
        self.env = survey.env
        self.threshold = threshold
        self.questions = survey.question_ids.filtered('experience_role')
        self.posted = posted
        self.entered = {question.id: self._read(question) for question in self.questions}
        self.errors = self._get_errors() if posted is not None else {}

    @property
    def key(self):
        """Changes with what one reads: nobody answers another question, or by another promise, than was shown."""
        shown = [(question.id, question.title, question.question_type, *self.get_scale(question),
                  *((option.id, option.value) for option in question.suggested_answer_ids))
                 for question in self.questions]
        return sha256(repr((self.threshold, shown)).encode()).hexdigest()[:16]

    @property
    def has_changed(self):
        return self.posted is not None and self.posted.get('shown') != self.key

    @staticmethod
    def get_scale(question):
        return range(question.scale_min, question.scale_max + 1) if question.question_type == 'scale' else range(0)

    # ------------------------------------------------------------------
    # What was entered
    # ------------------------------------------------------------------

    def _read(self, question):
        """:return: a number or None, ids of options, or a text"""
        texts = self.posted.getlist(f'q{question.id}') if self.posted is not None else []
        if question.question_type == 'scale':
            return next((value for value in self.get_scale(question) if texts and texts[0] == str(value)), None)
        if question.question_type == 'multiple_choice':
            return [option.id for option in question.suggested_answer_ids if str(option.id) in texts]
        return '\n'.join(texts[:1]).replace('\0', '').replace('\r\n', '\n').strip()

    def _get_errors(self):
        errors = {}
        for question in self.questions:
            if error := self._get_error(question, self.entered[question.id]):
                errors[question.id] = error
        return errors

    def _get_error(self, question, entered):
        if question.experience_role == 'nps' and entered is None:
            # without it, the answer would be in no figure
            return self.env._("Please choose a number.")
        if isinstance(entered, str) and len(entered) > LONGEST_COMMENT:
            return self.env._(
                "Please shorten your text: it has %(length)s characters, and we can take %(most)s.",
                length=f'{len(entered):,}', most=f'{LONGEST_COMMENT:,}')
        answer = str(entered) if isinstance(entered, int) else entered or ''
        return question.validate_question(answer).get(question.id)

    # ------------------------------------------------------------------
    # What is kept
    # ------------------------------------------------------------------

    def get_values(self):
        """:return: for ``hr.experience.answer._store``"""
        return {
            'threshold': self.threshold,
            'nps': self._of('nps')[0][1],
            'statements': {str(question.id): value for question, value in self._of('statement') if value is not None},
            'themes': [option for _question, options in self._of('theme') for option in options],
            'comments': [body for _question, body in self._of('comment')],
        }

    def _of(self, role):
        return [(question, self.entered[question.id]) for question in self.questions
                if question.experience_role == role]
