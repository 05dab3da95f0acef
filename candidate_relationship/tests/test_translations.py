import re

import polib

from odoo.tests import tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

from .common import FeedbackCase

MODULE = 'candidate_relationship'
# What a translation must hold as often as its source does
PLACEHOLDER = re.compile(r'%\(\w+\)s|%s|%%|\bobject\.\w+|</?[a-z]\w*')


@tagged('post_install', '-at_install')
class TestTranslations(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.env['ir.module.module']._load_module_terms([MODULE], ['zh_CN'])
        cls.chinese = polib.pofile(file_path(f'{MODULE}/i18n/zh_CN.po'))

    def test_nothing_is_left_untranslated(self):
        translated = {entry.msgid for entry in self.chinese.translated_entries()}
        terms = {source for __, __, __, __, source, __, __ in TranslationModuleReader(self.env.cr, [MODULE], 'zh_CN')}
        self.assertGreater(len(terms), 300)
        self.assertFalse(terms - translated, "Run ./dev i18n and translate these.")

    def test_nothing_is_fuzzy(self):
        self.assertFalse([entry.msgid for entry in self.chinese if entry.fuzzy])

    def test_placeholders_are_kept(self):
        for entry in self.chinese:
            with self.subTest(term=entry.msgid):
                self.assertEqual(
                    sorted(PLACEHOLDER.findall(entry.msgstr)), sorted(PLACEHOLDER.findall(entry.msgid)))

    def test_policy_in_chinese_word_order(self):
        policy = self.make_policy(
            'interview', job_ids=self.job.ids, department_ids=self.software.ids, stage_ids=self.stage_talk.ids,
            means='phone')
        self.assertEqual(
            policy.with_context(lang='zh_CN').summary,
            f"{self.software.display_name}的{self.job.name}岗位，处于{self.stage_talk.name}阶段时，"
            "每次面试结束后 3 个工作日内电话答复候选人。")

    def test_mail_in_the_candidates_language(self):
        applicant = self.make_applicant()
        applicant.partner_id.lang = 'zh_CN'
        template = self.env.ref(f'{MODULE}.mail_template_acknowledgement')
        mail = template._generate_template(applicant.ids, ['subject', 'body_html'])[applicant.id]
        self.assertEqual(mail['subject'], f"我们已收到您的申请：{applicant.job_id.name}")
        self.assertIn("给您答复", mail['body_html'])
        self.assertIn(applicant.with_context(lang='zh_CN').feedback_promised_date, mail['body_html'])
