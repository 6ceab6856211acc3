package dynamodb

import (
	"slices"
	"strings"
)

// condition reads a condition, a key condition or a filter; nil when there is
// none.
func (p *parser) condition(kind string, text *string) *node {
	if !p.begin(kind, text) {
		return nil
	}
	n := p.operation(1)
	p.want(n, truth)
	p.end()
	return &n
}

// operation reads operators of at least that level, and what they are between.
func (p *parser) operation(level int) node {
	n := p.operand()
	for {
		op := strings.ToUpper(p.peek(0).text)
		o := operatorOf(op)
		if o.level < level || op == "NOT" {
			return n
		}
		p.at++
		args := []node{n}
		switch op {
		case "IN":
			p.expect("(")
			args = append(args, p.arguments()...)
		case "BETWEEN":
			args = append(args, p.operation(o.level+1))
			p.expect("AND")
			fallthrough
		default:
			args = append(args, p.operation(o.level+1))
		}
		n = p.node(op, args)
	}
}

// operand reads a literal, an attribute, a function or what stands in brackets.
func (p *parser) operand() node {
	t := p.peek(0)
	switch {
	case p.take("NOT"):
		return p.node("NOT", []node{p.operation(operatorOf("NOT").level)})
	case p.take("("):
		n := p.operation(1)
		p.expect(")")
		return n
	case strings.HasPrefix(t.text, ":"):
		return node{literal: p.literal()}
	case t.identifier() && p.peek(1).text == "(" && operatorOf(strings.ToUpper(t.text)).level == 0:
		p.at += 2
		return p.node(t.text, p.arguments())
	}
	return node{attribute: p.attribute()}
}

// arguments reads operands to the closing bracket.
func (p *parser) arguments() []node {
	all := list(p, func() node { return p.operation(1) })
	p.expect(")")
	return all
}

// node is an operator with its operands, if they fit it.
func (p *parser) node(op string, args []node) node {
	o := operatorOf(op)
	switch {
	case o.gives == "":
		p.fail("Invalid function name; function: %s", op)
	case o.operands > 0 && len(args) != o.operands:
		p.fail("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", op, len(args))
	case strings.HasSuffix(op, "_exists") && args[0].attribute == "":
		p.fail("Operator or function requires a document path; operator or function: %s", op)
	case len(args) == 2 && o.gives == truth && args[0].attribute != "" && args[0].attribute == args[len(args)-1].attribute:
		p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: [%s]", op, args[0].attribute)
	}
	for _, arg := range args {
		p.want(arg, o.takes)
		if kind := arg.literal.kind; kind != "" && o.kinds != nil && !slices.Contains(o.kinds, kind) {
			p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", op, kind)
		}
	}
	return node{op: op, args: args}
}

// want refuses what is none of these; attributes and literals are all but a truth.
func (p *parser) want(n node, results ...string) {
	o := operatorOf(n.op)
	switch {
	case slices.Contains(results, o.gives) || n.op == "" && results[0] != truth:
	case n.op != "" && o.level == 0:
		p.fail("The function is not allowed to be used this way in an expression; function: %s", n.op)
	default:
		p.syntax()
	}
}
