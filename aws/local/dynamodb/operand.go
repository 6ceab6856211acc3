package dynamodb

import (
	"unicode/utf8"
)

// operand is a value in an expression: a literal, a path or a function.
type operand struct {
	// literal has no kind when the operand is something else.
	literal value
	path    path
	// function is size, if_not_exists, list_append, + or -.
	function string
	args     []operand
}

// operand reads a path, a literal or one of the allowed functions.
func (p *parser) operand(functions ...string) operand {
	t := p.peek(0)
	switch {
	case t.text != "" && t.text[0] == ':':
		return operand{literal: p.literal()}
	case t.identifier() && p.peek(1).text == "(":
		for _, function := range functions {
			if t.text == function {
				p.at += 2
				return p.call(function, functions)
			}
		}
		if conditionArity(t.text) > 0 || updateArity(t.text) > 0 {
			p.fail("The function is not allowed to be used this way in an expression; function: %s", t.text)
		} else {
			p.fail("Invalid function name; function: %s", t.text)
		}
		return operand{}
	}
	return operand{path: p.path()}
}

// call reads a function's operands behind its bracket.
func (p *parser) call(function string, functions []string) operand {
	o := operand{function: function, args: []operand{p.operand(functions...)}}
	for p.take(",") {
		o.args = append(o.args, p.operand(functions...))
	}
	p.expect(")")
	p.arity(function, len(o.args), max(conditionArity(function), updateArity(function)))
	if p.err != nil {
		return o
	}
	switch function {
	case "size":
		if kind := o.args[0].literal.kind; kind == "N" || kind == "BOOL" || kind == "NULL" {
			p.operandType(function, kind)
		}
	case "if_not_exists":
		if o.args[0].path == nil {
			p.fail("Operator or function requires a document path; operator or function: %s", function)
		}
	case "list_append":
		for _, arg := range o.args {
			if kind := arg.literal.kind; kind != "" && kind != "L" {
				p.operandType(function, kind)
			}
		}
	}
	return o
}

func (p *parser) arity(function string, got, want int) {
	if got != want {
		p.fail("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", function, got)
	}
}

func (p *parser) operandType(function, kind string) {
	p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", function, kind)
}

func updateArity(function string) int {
	switch function {
	case "if_not_exists", "list_append":
		return 2
	}
	return 0
}

// eval is the operand's value in a condition; ok is false when the item lacks it.
func (o operand) eval(i item) (value, bool) {
	switch {
	case o.literal.kind != "":
		return o.literal, true
	case o.path != nil:
		return o.path.get(i)
	}
	v, ok := o.args[0].eval(i)
	if !ok {
		return value{}, false
	}
	switch v.kind {
	case "S":
		return count(utf8.RuneCountInString(v.text)), true
	case "B":
		return count(len(v.text)), true
	case "L", "M", "SS", "NS", "BS":
		return count(len(v.list) + len(v.fields) + len(v.set)), true
	}
	return value{}, false
}

// compute is the operand's value in an update, where a missing attribute or a
// wrong type is an error.
func (o operand) compute(i item) (value, error) {
	switch o.function {
	case "":
		v, ok := o.eval(i)
		if !ok {
			return value{}, invalid("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	case "if_not_exists":
		if v, ok := o.args[0].eval(i); ok {
			return v, nil
		}
		return o.args[1].compute(i)
	}
	a, err := o.args[0].compute(i)
	if err != nil {
		return value{}, err
	}
	b, err := o.args[1].compute(i)
	if err != nil {
		return value{}, err
	}
	if o.function == "list_append" {
		if a.kind != "L" || b.kind != "L" {
			return value{}, wrongOperand()
		}
		return value{kind: "L", list: append(append([]value{}, a.list...), b.list...)}, nil
	}
	if a.kind != "N" || b.kind != "N" {
		return value{}, wrongOperand()
	}
	if o.function == "-" {
		b.text = negate(b.text)
	}
	sum, err := add(a.text, b.text)
	return value{kind: "N", text: sum}, err
}

func wrongOperand() error {
	return invalid("An operand in the update expression has an incorrect data type")
}
