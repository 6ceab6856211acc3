// Package template reads CloudFormation and SAM templates and evaluates their
// functions. What it does not know is an error with the template's line.
package template

import (
	"fmt"
	"slices"
	"strconv"
)

// Error is what is wrong with a template, and where.
type Error struct {
	Line    int
	Problem string
	// Err is the cause, nil when the template itself is.
	Err error
}

func (e *Error) Error() string { return fmt.Sprintf("template line %d: %s", e.Line, e.Problem) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func failed(line int, format string, arguments ...any) error {
	return &Error{Line: line, Problem: fmt.Sprintf(format, arguments...)}
}

// Kind is the sort of a Node.
type Kind int

// The kinds of nodes.
const (
	Scalar Kind = iota
	List
	Map
	// Null is an empty value, or AWS::NoValue once it is resolved.
	Null
)

// Node is one value of a template. Short forms of functions (!Ref) stand as
// their long forms.
type Node struct {
	Kind Kind
	Line int
	// Text is a Scalar's text; CloudFormation takes numbers and booleans as text too.
	Text string
	// Items are a List's.
	Items []*Node
	// Fields are a Map's, in their order.
	Fields []Field
}

// Field is one member of a Map.
type Field struct {
	Name  string
	Line  int
	Value *Node
}

// Errorf makes an error about the node. It may be asked of nil.
func (n *Node) Errorf(format string, arguments ...any) error {
	line := 1
	if n != nil {
		line = n.Line
	}
	return failed(line, format, arguments...)
}

// Get is the member of that name, nil when there is none. It may be asked of nil.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

// String is the text of a Scalar member, "" when it is missing.
func (n *Node) String(name string) (string, error) {
	v := n.Get(name)
	switch {
	case v == nil || v.Kind == Null:
		return "", nil
	case v.Kind != Scalar:
		return "", v.Errorf("%s must be a text", name)
	}
	return v.Text, nil
}

// Int is the number of a Scalar member, fallback when it is missing.
func (n *Node) Int(name string, fallback int) (int, error) {
	text, err := n.String(name)
	if err != nil || text == "" {
		return fallback, err
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return 0, n.Get(name).Errorf("%s must be a whole number, not %q", name, text)
	}
	return number, nil
}

// pair is a List of two with a text first, which most functions take; second is
// nil for anything else.
func (n *Node) pair() (first string, second *Node) {
	if len(n.Items) == 2 && n.Items[0].Kind == Scalar {
		return n.Items[0].Text, n.Items[1]
	}
	return "", nil
}

// Only refuses members other than those named.
func (n *Node) Only(what string, names ...string) error {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if !slices.Contains(names, f.Name) {
			return failed(f.Line, "the local AWS does not know %s of %s", f.Name, what)
		}
	}
	return nil
}

// texts reads Scalar members, each into its place.
func (n *Node) texts(places map[string]*string) (err error) {
	for name, place := range places {
		if *place, err = n.String(name); err != nil {
			return err
		}
	}
	return nil
}
