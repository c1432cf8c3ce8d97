"""What OpenAPI says of answers, and the examples that it shows: invented people under a never-assigned address code."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from registry.api.serializers import CONFLICT, ERRORS

REFUSED: Final = OpenApiResponse(
    ERRORS,
    description="有错：一次列出全部，逐条写明字段和规则号",
    examples=[
        OpenApiExample(
            "证件号码校验位不对",
            value={
                "errors": [
                    {
                        "field": "members[0].id_no",
                        "rule": "R-02",
                        "message": "张建国证件号码校验位不对，请核对原件",
                    }
                ]
            },
        )
    ],
)
STALE: Final = OpenApiResponse(CONFLICT, description="已被他人改动：两个版本都在答复里，逐字段写明差别")
NOT_HERE: Final = OpenApiResponse(ERRORS, description="没有，或不在本部门的范围之内")

_MEMBER: Final[dict[str, Any]] = {
    "name": "张建国",
    "id_type": "01",
    "id_no": "149901197005060016",
    "sex": "1",
    "relation": "01",
    "ethnic": "01",
    "political": "13",
    "education": "03",
    "student": "01",
    "health": ["01"],
    "labor": "01",
    "in_ncms": True,
    "in_pension": True,
    "is_dibao": False,
    "is_wubao": False,
    "is_soldier": False,
}
HOUSEHOLD_EXAMPLE: Final[dict[str, Any]] = {
    "year": 2014,
    "village_code": "141124101200",
    "natural_village": "前庄",
    "address": "白文镇前庄12号",
    "phone": "13800000001",
    "id_standard": "1",
    "poor_type": "01",
    "cause_main": "09",
    "cause_other": ["07"],
    "plan_exit_year": 2016,
    "income": {
        "wage_income": "0.00",
        "business_income": "5200.00",
        "property_income": "300.00",
        "tr_family_planning": "0.00",
        "tr_dibao": "0.00",
        "tr_wubao": "0.00",
        "tr_pension": "0.00",
        "tr_eco": "480.00",
        "tr_other": "200.00",
        "business_expense": "2600.00",
    },
    "condition": {
        "arable_area": "12.00",
        "irrigated_area": "1.50",
        "forest_area": "0.00",
        "returned_forest_area": "3.00",
        "fruit_area": "0.00",
        "pasture_area": "0.00",
        "water_area": "0.00",
        "has_prod_power": True,
        "has_life_power": True,
        "has_tv": True,
        "water_difficult": False,
        "water_safe": True,
        "tap_water": True,
        "road_distance": "1.20",
        "road_type": "01",
        "house_area": "60.00",
        "house_structure": "5",
        "danger_level": "2",
        "fuel_type": "03",
        "has_toilet": False,
        "in_coop": False,
        "has_leading_ent": False,
        "in_mutual_fund": False,
    },
    "members": [_MEMBER],
}
HOUSEHOLD_EXAMPLES: Final = [
    OpenApiExample("一人户", value=HOUSEHOLD_EXAMPLE, request_only=True),
]
