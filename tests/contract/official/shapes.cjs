// The client's own .d.ts files, read with the TypeScript compiler: what each method takes and promises.
const path = require("node:path");
const ts = require("typescript");

const VERSIONS = path.join(path.dirname(require.resolve("pipedrive")), "versions");
const REPEATS = new Set(["BetaApi"]); // its methods are those of other classes
const AS_LIST = new Set(["Array", "Set"]); // a Set is written as a JSON array
const UNSEEN = new Set(["File", "Blob", "Date"]);

const isKind = (type, flag) => (type.flags & flag) !== 0;

class Shapes {
  constructor() {
    const entries = ["v1", "v2"].map((version) => path.join(VERSIONS, version, "index.d.ts"));
    const options = { strict: true, skipLibCheck: true, types: [], lib: ["lib.es2022.d.ts", "lib.dom.d.ts"] };
    this.program = ts.createProgram(entries, options);
    this.checker = this.program.getTypeChecker();
    this.methods = new Map(entries.flatMap((entry, index) => this.methodsOf(["v1", "v2"][index], entry)));
  }

  // "v1 LeadsApi.addLead" -> { takes: type or undefined, gives: type }
  methodsOf(version, entry) {
    const module = this.checker.getSymbolAtLocation(this.program.getSourceFile(entry));
    return this.checker
      .getExportsOfModule(module)
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol))
      .filter((symbol) => symbol.flags & ts.SymbolFlags.Class && /Api$/.test(symbol.name))
      .filter((symbol) => !REPEATS.has(symbol.name))
      .flatMap((symbol) => [...symbol.members].map(([name, member]) => [symbol.name, name, member]))
      .filter(([, , member]) => member.flags & ts.SymbolFlags.Method)
      .map(([api, name, member]) => [`${version} ${api}.${name}`, this.signature(member)]);
  }

  signature(member) {
    const [signature] = this.checker.getTypeOfSymbol(member).getCallSignatures();
    const [parameter] = signature.parameters;
    return {
      takes: parameter && this.checker.getNonNullableType(this.checker.getTypeOfSymbol(parameter)),
      gives: this.checker.getAwaitedType(signature.getReturnType()),
    };
  }

  answerProblems(method, value) {
    return this.problems(value, this.methods.get(method).gives, []);
  }

  // What the scenario sends must be what the method takes, to the last name.
  argumentProblems(method, value) {
    const { takes } = this.methods.get(method);
    const known = new Set(takes ? this.checker.getPropertiesOfType(takes).map((property) => property.name) : []);
    const strange = Object.keys(value).filter((name) => !known.has(name));
    const problems = strange.map((name) => ({ at: [name], problem: "the method has no such parameter" }));
    return takes ? problems.concat(this.problems(value, takes, [])) : problems;
  }

  // Every key that the method can send, in path, query or body; a body is the parameter with a type's name.
  keys(method) {
    const { takes } = this.methods.get(method);
    const parameters = takes ? this.checker.getPropertiesOfType(takes) : [];
    return parameters.flatMap((parameter) => {
      const type = this.checker.getNonNullableType(this.checker.getTypeOfSymbol(parameter));
      if (!/^[A-Z]/.test(parameter.name)) return [parameter.name];
      if (AS_LIST.has(type.symbol?.name)) return [];
      return this.checker.getPropertiesOfType(type).map((property) => property.name);
    });
  }

  problems(value, type, at) {
    if (isKind(type, ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
    if (type.isUnion()) return this.unionProblems(value, type, at);
    if (isKind(type, ts.TypeFlags.Object | ts.TypeFlags.Intersection | ts.TypeFlags.NonPrimitive)) {
      return this.objectProblems(value, type, at);
    }
    return fits(value, type) ? [] : [this.problem(value, type, at)];
  }

  unionProblems(value, type, at) {
    const isNullable = type.types.some((member) => isKind(member, ts.TypeFlags.Null));
    if (value === null) return isNullable ? [] : [this.problem(value, type, at)];
    const members = type.types.filter((member) => !isKind(member, ts.TypeFlags.Undefined | ts.TypeFlags.Null));
    const found = members.map((member) => this.problems(value, member, at));
    const nearest = found.reduce((best, next) => (next.length < best.length ? next : best));
    const isFlat = nearest.length === 1 && nearest[0].at.length === at.length;
    return isFlat ? [this.problem(value, type, at)] : nearest;
  }

  objectProblems(value, type, at) {
    const name = type.symbol?.name;
    if (UNSEEN.has(name)) return [];
    if (AS_LIST.has(name)) {
      if (!Array.isArray(value)) return [this.problem(value, type, at)];
      const [item] = this.checker.getTypeArguments(type);
      return value.flatMap((one, index) => this.problems(one, item, [...at, index]));
    }
    if (typeof value !== "object" || value === null) return [this.problem(value, type, at)];
    const properties = this.checker.getPropertiesOfType(type);
    if (Array.isArray(value) && properties.length > 0) return [this.problem(value, type, at)];
    return properties
      .flatMap((property) => this.propertyProblems(value, property, at))
      .concat(this.otherProblems(value, type, properties, at));
  }

  propertyProblems(value, property, at) {
    const here = [...at, property.name];
    const type = this.checker.getTypeOfSymbol(property);
    if (property.name in value) return this.problems(value[property.name], type, here);
    return property.flags & ts.SymbolFlags.Optional ? [] : [this.problem(undefined, type, here)];
  }

  // { [key: string]: T }
  otherProblems(value, type, properties, at) {
    const index = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (!index) return [];
    const named = new Set(properties.map((property) => property.name));
    return Object.keys(value)
      .filter((name) => !named.has(name))
      .flatMap((name) => this.problems(value[name], index, [...at, name]));
  }

  problem(value, type, at) {
    const expected = this.checker.typeToString(type).slice(0, 200);
    const seen = value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
    return { at, problem: `${expected} expected, ${seen} found`, isNull: value === null };
  }
}

function fits(value, type) {
  if (isKind(type, ts.TypeFlags.Null)) return value === null;
  if (type.isStringLiteral() || type.isNumberLiteral()) return value === type.value;
  if (isKind(type, ts.TypeFlags.BooleanLiteral)) return value === (type.intrinsicName === "true");
  if (isKind(type, ts.TypeFlags.StringLike)) return typeof value === "string";
  if (isKind(type, ts.TypeFlags.NumberLike)) return typeof value === "number";
  if (isKind(type, ts.TypeFlags.BooleanLike)) return typeof value === "boolean";
  return false; // never, void: no JSON value is that
}

module.exports = { Shapes };
