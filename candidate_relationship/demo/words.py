"""What the people of the demo data write to each other."""

WORDS = {
    'en': {
        'interview': "Interview: %s",
        'application': "Hello, please find my application attached. I look forward to hearing from you.",
        'told_application': "Thank you for your application. You will have our answer by %s.",
        'told_interview': "Thank you for the time you took to talk with us. You will have our feedback by %s.",
        'told_stage': "You are among the finalists. We will call you by %s.",
        'invited': "Your profile speaks to us. When could we meet next week?",
        'declined': "Thank you for your interest in us. We have decided to go on with other candidates, "
                    "whose experience is closer to what this team needs now.",
        'feedback': "Thank you for the good talk. The team would like to go on with you: "
                    "we will call you about an offer.",
        'call': "Called: went through the offer, start date and salary.",
        'hired': "Welcome on board! Your contract is signed on our side too.",
        'thanks': "We are sorry that it did not work out this time, and thank you for the time you gave us.",
    },
    'zh': {
        'interview': "面试：%s",
        'application': "您好，附件是我的求职材料，期待您的回复。",
        'told_application': "感谢您的应聘，我们最迟于%s给您答复。",
        'told_interview': "感谢您抽空参加面试，我们最迟于%s给您反馈。",
        'told_stage': "您已进入最终候选人名单，我们最迟于%s致电与您联系。",
        'invited': "您的经历与我们的岗位很契合，请问下周何时方便面谈？",
        'declined': "感谢您对我们的关注。经过慎重考虑，我们选择了与团队当前需求更匹配的候选人。",
        'feedback': "感谢您的分享，团队希望继续推进，我们会致电与您沟通录用条件。",
        'call': "已致电：沟通了录用条件、入职时间与薪资。",
        'hired': "欢迎加入！我方已签署合同。",
        'thanks': "很遗憾这次未能合作，感谢您付出的时间。",
    },
}

# Touches of the people in the pools: what was said, by language and occasion.
TOUCHES = {
    'en': {
        'application': {'summary': "My application"},
        'declined': {'summary': "Your application"},
        'news': {'summary': "What our teams are building this spring"},
        'greeting': {'summary': "Season's greetings from all of us"},
        'reply': {'summary': "Re: What our teams are building this spring"},
        'call': {'note': "Happy where they are, but open to a talk after the summer. Interested in team lead roles."},
        'linkedin': {'note': "Congratulated on the new certificate and mentioned the job that opens next month."},
        'plan': {'summary': "Ask how things are going"},
    },
    'zh': {
        'application': {'summary': "应聘申请"},
        'declined': {'summary': "关于您的申请"},
        'news': {'summary': "今年春天我们的团队在做什么"},
        'greeting': {'summary': "祝您新春快乐"},
        'reply': {'summary': "回复：今年春天我们的团队在做什么"},
        'call': {'note': "目前工作稳定，夏天以后愿意再聊，对团队负责人岗位感兴趣。"},
        'linkedin': {'note': "祝贺取得新证书，并提到下个月开放的职位。"},
        'plan': {'summary': "问候近况"},
    },
}
