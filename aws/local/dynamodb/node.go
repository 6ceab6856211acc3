package dynamodb

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is a part of an expression: a literal, an attribute's name, or an operator
// or function over other nodes. A nil node is a condition that always holds.
type node struct {
	// op is "" for a literal and an attribute.
	op   string
	args []node
	// literal has no kind when the node is something else.
	literal value
	// attribute is "" when the node is something else.
	attribute string
}

// holds tells whether the item meets a condition; a nil item is an empty one.
func (n *node) holds(i item) bool {
	if n == nil {
		return true
	}
	switch n.op {
	case "AND":
		return n.args[0].holds(i) && n.args[1].holds(i)
	case "OR":
		return n.args[0].holds(i) || n.args[1].holds(i)
	case "NOT":
		return !n.args[0].holds(i)
	}
	first, err := n.args[0].eval(i)
	found := err == nil
	switch n.op {
	case "attribute_exists":
		return found
	case "attribute_not_exists":
		return !found
	case "IN":
		return slices.ContainsFunc(n.args[1:], func(arg node) bool { return found && matches("=", first, arg, i) })
	case "BETWEEN":
		return found && matches(">=", first, n.args[1], i) && matches("<=", first, n.args[2], i)
	case "<>":
		other, err := n.args[1].eval(i)
		return found != (err == nil) || found && !equal(first, other)
	}
	return found && matches(n.op, first, n.args[1], i)
}

// matches compares a value with an operand; nothing compares with what the item
// lacks, and values of different kinds have no order.
func matches(op string, a value, operand node, i item) bool {
	b, err := operand.eval(i)
	if err != nil {
		return false
	}
	switch op {
	case "=":
		return equal(a, b)
	case "attribute_type":
		return a.kind == b.text
	case "begins_with":
		return a.kind == b.kind && (a.kind == "S" || a.kind == "B") && strings.HasPrefix(a.text, b.text)
	case "contains":
		return contains(a, b)
	}
	order, ok := compare(a, b)
	return ok && strings.Contains(op, "<=>"[order+1:order+2])
}

// contains looks for a part of a text, or for an element of a set or list.
func contains(a, b value) bool {
	if a.kind == "S" || a.kind == "B" {
		return b.kind == a.kind && strings.Contains(a.text, b.text)
	}
	return slices.ContainsFunc(a.list, func(element value) bool { return equal(element, b) })
}

// eval is an operand's value. It fails for an attribute that the item lacks and
// for a wrong type, which an update tells and a condition takes as no value.
func (n *node) eval(i item) (value, error) {
	if n.op == "" {
		v, ok := i[n.attribute]
		switch {
		case n.attribute == "":
			return n.literal, nil
		case !ok:
			return v, invalid("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	}
	a, err := n.args[0].eval(i)
	switch {
	case n.op == "if_not_exists" && err != nil:
		return n.args[1].eval(i)
	case err != nil || n.op == "if_not_exists":
		return a, err
	case n.op == "size":
		return a.length()
	}
	b, err := n.args[1].eval(i)
	switch {
	case err != nil:
		return value{}, err
	case n.op == "list_append" && a.kind == "L" && b.kind == "L":
		return value{kind: "L", list: slices.Concat(a.list, b.list)}, nil
	case n.op != "list_append" && a.kind == "N" && b.kind == "N":
		a.text, err = calculate(a.text, n.op, b.text)
		return a, err
	}
	return value{}, wrongOperand()
}

// length is the result of size: characters, bytes or elements.
func (v value) length() (value, error) {
	length := len(v.list) + len(v.fields)
	switch v.kind {
	case "S":
		length = utf8.RuneCountInString(v.text)
	case "B":
		length = len(v.text)
	case "N", "BOOL", "NULL":
		return value{}, wrongOperand()
	}
	return value{kind: "N", text: strconv.Itoa(length)}, nil
}
