"""Candidates of the demo data. None of them exists; their addresses are under example.com."""

from odoo.tools import remove_accents

INTERNATIONAL = """
Amara Diallo, Lukas Hoffmann, Priya Raman, Mateo Fernández, Chloé Lefèvre, Kwame Mensah, Ingrid Solberg, Diego Morales,
Aisha Rahman, Tomáš Dvořák, Hannah Cohen, Yusuf Demir, Elena Popescu, Liam Byrne, Sakura Tanabe, Noah van Dijk,
Fatima Zahra Alaoui, Piotr Zieliński, Grace Wanjiru, Anders Lindqvist, Camila Duarte, Omar Haddad, Julia Brandão,
Rohan Kulkarni, Maya Goldberg, Emil Novotný, Zanele Dube, Marco Bellini, Sofie Jensen, Arjun Nair, Leila Karimi,
Victor Almeida, Nadia Benali, Ethan Walker, Isabel Ortega, Dmitri Sokolov, Hye-jin Park, Samuel Osei, Clara Neumann,
Tariq Aziz, Beatriz Lobo, Jonas Keller, Thandi Nkosi, Pablo Herrera, Anneli Virtanen, Karim Mansour, Olivia Hughes,
Stefan Ionescu, Rania Saleh, Felix Wagner, Ana Kovačević, Daniel Okoye, Margaux Girard, Nils Bergström, Shreya Iyer,
Gabriel Costa, Hugo Laurent, Yara Nasser, Adam Kowalczyk, Linh Nguyen, Rosa Jiménez, Ibrahim Sow, Katya Ivanova,
Ben Carter, Mei-Ling Chua, Tobias Frank, Esther Mwangi, Paolo Conti, Signe Holm, Farid Hosseini, Lucia Moretti
"""
CHINESE = """
王思远 wang.siyuan, 李雨桐 li.yutong, 张浩然 zhang.haoran, 刘欣怡 liu.xinyi, 陈子涵 chen.zihan, 杨明轩 yang.mingxuan,
赵婉清 zhao.wanqing, 黄俊杰 huang.junjie, 周诗琪 zhou.shiqi, 吴天宇 wu.tianyu, 徐静雯 xu.jingwen, 孙博文 sun.bowen,
马晓彤 ma.xiaotong, 朱凯瑞 zhu.kairui, 胡可欣 hu.kexin, 郭志强 guo.zhiqiang, 何梦洁 he.mengjie, 高宇航 gao.yuhang,
罗嘉怡 luo.jiayi, 郑文博 zheng.wenbo, 梁思齐 liang.siqi, 谢安琪 xie.anqi, 宋子墨 song.zimo, 唐雅婷 tang.yating,
许家豪 xu.jiahao, 韩若曦 han.ruoxi, 冯一凡 feng.yifan, 邓佳宁 deng.jianing, 曹睿哲 cao.ruizhe, 彭雪莹 peng.xueying
"""

# Who applied before the three months of the pipeline: the pools are made of them.
EARLIER_INTERNATIONAL = """
Helena Voss, Matthias Brunner, Sunita Joshi, Carlos Vidal, Amélie Rousseau, Kofi Asante, Astrid Nilsen, Lucas Romero,
Zainab Yusuf, Petr Svoboda, Miriam Levi, Emre Kaya, Ioana Radu, Sean Murphy, Haruki Sato, Femke de Boer,
Salma Idrissi, Agnieszka Nowak, Mercy Achieng, Oskar Lund, Bruna Teixeira, Rami Khoury, Thiago Moreira, Anika Desai,
David Rosen, Lenka Horáková, Sipho Ndlovu, Giulia Ferri, Mads Petersen, Vikram Menon, Parisa Rahimi, Inês Carvalho
"""
EARLIER_CHINESE = """
林子轩 lin.zixuan, 苏晓雨 su.xiaoyu, 叶嘉琪 ye.jiaqi, 蒋承宇 jiang.chengyu, 沈梦瑶 shen.mengyao, 潘逸飞 pan.yifei,
杜若溪 du.ruoxi, 夏泽楷 xia.zekai, 钟雅文 zhong.yawen, 汪俊熙 wang.junxi, 田语嫣 tian.yuyan, 任思远 ren.siyuan
"""


def get_people(language, earlier=False):
    """(name, e-mail) of each candidate who writes in the language, 'en' or 'zh'."""
    international, chinese = (EARLIER_INTERNATIONAL, EARLIER_CHINESE) if earlier else (INTERNATIONAL, CHINESE)
    people = []
    for entry in (chinese if language == 'zh' else international).replace('\n', ' ').split(','):
        name, __, local = entry.strip().rpartition(' ') if language == 'zh' else (entry.strip(), '', '')
        local = local or remove_accents(name).lower().replace('ł', 'l').replace(' ', '.').replace('-', '')
        people.append((name, f'{local}@example.com'))
    return people
