"""The acts on long work in words; whoever asked for it may do them."""

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {"job.cancel": "取消后台任务", "job.ask_again": "重做后台任务"}
