"""What the web client asks the server for when it opens a view, worked out from the view itself.

The same rules as the client's own `extractFieldsFromArchInfo` and `getFieldsSpec`: every field of the
arch, and what its widget reads beside it.
"""

from ast import literal_eval

from lxml import etree

ALWAYS = ("1", "True")
X2MANY_LIMIT = 40
OF_ACTIVITIES = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)


def _tags(options):
    return ["display_name", options["color_field"]] if options.get("color_field") else ["display_name"]


# What a widget reads beside its field (`fieldDependencies`), by its options
BESIDE = {
    "kanban_activity": lambda options: OF_ACTIVITIES,
    "feedback_badge": lambda options: [options.get("deadline_field", "deadline")],
    "rotting_statusbar_duration": lambda options: ["duration_tracking"],
}
# What it reads of the records its field points to (`relatedFields`)
BEHIND = {
    "dimension_tags": lambda options: [*_tags(options), "dimension"],
    "many2many_tags": _tags,
    "many2many_avatar_user": lambda options: ["display_name"],
}


def specification(arch, fields):
    """The read specification of a view.

    :param arch: the view's XML as `get_views` gives it, text or element
    :param fields: callable, model name to its `fields_get`-like dict; None is the view's own model
    """
    root = etree.fromstring(arch) if isinstance(arch, str) else arch
    spec = _specification(root, fields(None), fields)
    return spec | {"display_name": {}} if root.tag == "form" else spec


def _specification(root, known, fields):
    spec = {}
    for name, nodes in _field_nodes(root).items():
        spec[name] = _field(nodes, known[name], fields)
        for node in nodes:
            for beside in _read_by_widget(BESIDE, node):
                spec.setdefault(beside, _dependency(known[beside]))
    return spec


def _field_nodes(root):
    """Nodes by field name; those of a view inside a field belong to that field's model."""
    nodes = {}
    for node in root.iter("field"):
        if next(node.iterancestors("field"), root) is root or node.getparent() is root:
            nodes.setdefault(node.get("name"), []).append(node)
    return nodes


def _field(nodes, field, fields):
    hidden = all(_is_hidden(node) for node in nodes)
    if field["type"] in ("one2many", "many2many"):
        return {} if hidden else _to_many(nodes[0], field, fields)
    if field["type"] == "many2one":
        return {"fields": {} if hidden else _to_one(nodes[0])}
    return {}


def _is_hidden(node):
    return node.get("invisible") in ALWAYS or node.get("column_invisible") in ALWAYS


def _to_one(node):
    return {name: {} for name in [*_read_by_widget(BEHIND, node), "display_name"]}


def _to_many(node, field, fields):
    view = node.find("*")
    if view is None:
        return {"fields": {name: {} for name in _read_by_widget(BEHIND, node)}}
    spec = {"fields": _specification(view, fields(field["relation"]), fields)}
    spec["limit"] = int(view.get("limit", X2MANY_LIMIT))
    if view.get("default_order"):
        spec["order"] = view.get("default_order")
    return spec


def _dependency(field):
    return {"fields": {"display_name": {}}} if field["type"] == "many2one" else {}


def _read_by_widget(table, node):
    read = table.get(node.get("widget"))
    return read(literal_eval(node.get("options") or "{}")) if read else ()
