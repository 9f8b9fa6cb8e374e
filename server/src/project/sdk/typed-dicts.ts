// The TypedDicts of a model's events in Python 3.9, by the names that go over the wire; objects in it have one of their own.
import type { FieldSpec, ModelSpec, TypeSpec } from "@moose/core";

const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** Definitions in an order in which each stands before what uses it. */
export function typedDicts(spec: ModelSpec): readonly string[] {
  return dictsOf(spec.name, spec.fields, spec.description ?? `An event of ${spec.name}, as it is sent.`);
}

function dictsOf(name: string, fields: readonly FieldSpec[], description: string): string[] {
  const inner = fields.flatMap(({ name: field, type }) => {
    const members = objectIn(type);
    return members === undefined ? [] : dictsOf(`${name}_${field}`, members, `${name}'s ${field}.`);
  });
  const required = fields.filter(({ optional, default: value }) => optional !== true && value === undefined);
  const others = fields.filter((field) => !required.includes(field));
  const typeOf = (field: FieldSpec): string => {
    const type = pythonType(field.type, `${name}_${field.name}`);
    return field.optional === true ? `Optional[${type}]` : type;
  };
  const bases = [
    ...(required.length === 0 ? [] : [base(`_${name}Required`, required, typeOf, true)]),
    ...(others.length === 0 ? [] : [base(`_${name}Optional`, others, typeOf, false)]),
  ];
  const names = [
    ...(required.length === 0 ? [] : [`_${name}Required`]),
    ...(others.length === 0 ? [] : [`_${name}Optional`]),
  ];
  return [...inner, ...bases, `class ${name}(${names.join(", ")}):\n    ${docstring(description)}`];
}

function base(
  name: string,
  fields: readonly FieldSpec[],
  typeOf: (field: FieldSpec) => string,
  total: boolean,
): string {
  // Names that a class body cannot say, or would change.
  if (fields.some((field) => keywords.has(field.name) || field.name.startsWith("__"))) {
    const members = fields.map((field) => `        ${JSON.stringify(field.name)}: ${typeOf(field)},\n`).join("");
    const last = total ? "" : "    total=False,\n";
    return `${name} = TypedDict(\n    ${JSON.stringify(name)},\n    {\n${members}    },\n${last})`;
  }
  const members = fields.map((field) => `    ${field.name}: ${typeOf(field)}`);
  return `class ${name}(TypedDict${total ? "" : ", total=False"}):\n${members.join("\n")}`;
}

const docstring = (text: string): string => `"""${text.replaceAll(/["\\\s]+/g, " ").trim()}"""`;

/** The objects of a field: its own, or those that it holds several of. */
function objectIn(type: TypeSpec): readonly FieldSpec[] | undefined {
  if (type.kind === "object") return type.fields;
  if (type.kind === "array") return objectIn(type.element);
  return type.kind === "map" ? objectIn(type.value) : undefined;
}

const scalars: Readonly<Record<string, string>> = {
  string: "str",
  fixedString: "str",
  boolean: "bool",
  float32: "float",
  float64: "float",
  uuid: "Union[uuid.UUID, str]",
  decimal: "Union[decimal.Decimal, str, int]",
  date: "Union[datetime.date, str]",
  date16: "Union[datetime.date, str]",
  ipv4: "Union[ipaddress.IPv4Address, str]",
  ipv6: "Union[ipaddress.IPv6Address, str]",
  json: "Any",
  point: "Tuple[float, float]",
  ring: "List[Tuple[float, float]]",
  polygon: "List[List[Tuple[float, float]]]",
  multiPolygon: "List[List[List[Tuple[float, float]]]]",
};

/** `dict` is the name of the TypedDict of an object in the type. */
function pythonType(type: TypeSpec, dict: string): string {
  switch (type.kind) {
    case "dateTime":
    case "dateTime64":
      return type.epoch === undefined ? "Union[datetime.datetime, str]" : "Union[datetime.datetime, str, int]";
    case "enum":
      return `Literal[${Object.keys(type.values)
        .map((name) => JSON.stringify(name))
        .join(", ")}]`;
    case "array": {
      const element = pythonType(type.element, dict);
      return `List[${type.optionalElement === true ? `Optional[${element}]` : element}]`;
    }
    case "map": {
      const value = pythonType(type.value, dict);
      // In JSON a key is text, whatever its type.
      return `Dict[str, ${type.optionalValue === true ? `Optional[${value}]` : value}]`;
    }
    case "object":
      return dict;
    default:
      return scalars[type.kind] ?? "int";
  }
}
