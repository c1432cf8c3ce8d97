"""Names and places as a clerk types them."""

import pytest

from fupin.lib.pinyin import name_keys, place_keys


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"), ("单雪梅", "shanxuemei", "sxm"), ("员建国", "yunjianguo", "yjg"),
        ("解放", "xiefang", "xf"), ("仇大海", "qiudahai", "qdh"), ("曾志伟", "zengzhiwei", "zzw"),
        ("令狐冲", "linghuchong", "lhc"), ("尉迟恭", "yuchigong", "ycg"), ("吕梁", "lvliang", "ll"),
        ("阿卜杜拉·买买提", "abodulamaimaiti", "abdlmmt"), ("折小军", "shexiaojun", "sxj"), ("", "", ""),
    ],
)  # fmt: skip
def test_names(name: str, full: str, initials: str):
    assert name_keys(name) == (full, initials)


@pytest.mark.parametrize(
    ("place", "full"),
    [
        ("长治市", "changzhishi"), ("长子县", "zhangzixian"), ("洪洞县", "hongtongxian"),
        ("岢岚县", "kelanxian"), ("繁峙县", "fanshixian"), ("隰县", "xixian"),
        ("吕梁市", "lvliangshi"), ("白文镇", "baiwenzhen"),
    ],
)  # fmt: skip
def test_places(place: str, full: str):
    assert place_keys(place).full == full
