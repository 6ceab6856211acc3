// Package template reads CloudFormation and SAM templates and evaluates their
// functions. What it does not know is an error with the template's line.
package template

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"orderops/aws/local/wire"
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

// fail ends the reading or evaluating of a template with an error about the node.
func (n *Node) fail(format string, arguments ...any) { wire.Check(n.Errorf(format, arguments...)) }

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

// text is the text of a Scalar member, "" when it is missing.
func (n *Node) text(name string) string {
	v := n.Get(name)
	switch {
	case v == nil || v.Kind == Null:
		return ""
	case v.Kind != Scalar:
		v.fail("%s must be a text", name)
	}
	return v.Text
}

// Decode reads a Map into what encoding/json reads objects into. A member that has
// no place there is refused. Nil leaves it as it is.
func (n *Node) Decode(into any) error {
	if n == nil {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(n.JSON()))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	wrong, typed := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case err == nil:
		return nil
	case typed:
		return n.Errorf("%s can't be of JSON's type %s", wrong.Field, wrong.Value)
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return failed(cmp.Or(n.line(strings.Trim(name, `"`)), n.Line), "the local AWS does not know %s", name)
	}
	return n.Errorf("%s", err)
}

// line is where a member stands, at any depth; 0 for nowhere.
func (n *Node) line(name string) int {
	for _, f := range n.Fields {
		if f.Name == name {
			return f.Line
		}
		if line := f.Value.line(name); line > 0 {
			return line
		}
	}
	for _, item := range n.Items {
		if line := item.line(name); line > 0 {
			return line
		}
	}
	return 0
}

// JSON writes the node. Texts that are numbers or truth values are written as such.
func (n *Node) JSON() string {
	var parts []string
	switch n.Kind {
	case Map:
		for _, f := range n.Fields {
			parts = append(parts, quoted(f.Name)+":"+f.Value.JSON())
		}
		return "{" + strings.Join(parts, ",") + "}"
	case List:
		for _, item := range n.Items {
			parts = append(parts, item.JSON())
		}
		return "[" + strings.Join(parts, ",") + "]"
	case Null:
		return "null"
	default:
		var value any
		_ = json.Unmarshal([]byte(n.Text), &value) // most texts are no JSON
		switch value.(type) {
		case float64, bool:
			return n.Text
		}
		return quoted(n.Text)
	}
}

func quoted(text string) string {
	b, _ := json.Marshal(text) // a string always encodes
	return string(b)
}

// pair is a List of two with a text first, which most functions take; second is
// nil for anything else.
func (n *Node) pair() (first string, second *Node) {
	if len(n.Items) == 2 && n.Items[0].Kind == Scalar {
		return n.Items[0].Text, n.Items[1]
	}
	return "", nil
}

// only refuses members other than those named.
func (n *Node) only(what string, names ...string) {
	for _, f := range n.Fields {
		if !slices.Contains(names, f.Name) {
			wire.Check(failed(f.Line, "the local AWS does not know %s of %s", f.Name, what))
		}
	}
}

// What is longer, or nested deeper, is refused.
const (
	maxTemplate = 51_200 // bytes of a template that CloudFormation takes in a request
	maxDepth    = 60
)

// parse reads YAML, of which JSON is a part.
func parse(text []byte) *Node {
	if len(text) > maxTemplate {
		wire.Check(failed(1, "a template has at most %d bytes", maxTemplate))
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		wire.Check(invalid(err))
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		wire.Check(failed(1, "a template is one YAML document"))
	}
	return convert(file.Docs[0].Body, 0)
}

// invalid tells of a text that is no YAML.
func invalid(err error) error {
	e := &Error{Line: 1, Problem: "no valid YAML: " + strings.TrimSpace(err.Error()), Err: err}
	if told, ok := errors.AsType[yaml.Error](err); ok {
		e.Line, e.Problem = lineOf(told), "no valid YAML: "+told.GetMessage()
	}
	return e
}

// lineOf is the line of a token's holder, at least 1.
func lineOf(n interface{ GetToken() *token.Token }) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return max(1, t.Position.Line)
	}
	return 1
}

func convert(n ast.Node, depth int) *Node {
	if n == nil {
		return &Node{Kind: Null, Line: 1}
	}
	converted := &Node{Line: lineOf(n)}
	if depth > maxDepth {
		converted.fail("nested deeper than %d", maxDepth)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		converted.convertFields(n.Values, depth)
	case *ast.MappingValueNode:
		converted.convertFields([]*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		converted.Kind = List
		for _, value := range n.Values {
			converted.Items = append(converted.Items, convert(value, depth+1))
		}
	case *ast.TagNode: // the short form of a function, !Sub x, is the long one, {"Fn::Sub": x}
		name := strings.TrimPrefix(n.Start.Value, "!")
		if name != "Ref" && name != "Condition" {
			name = "Fn::" + name
		}
		converted.Kind, converted.Fields = Map, []Field{{Name: name, Line: converted.Line, Value: convert(n.Value, depth+1)}}
	case *ast.NullNode:
		converted.Kind = Null
	case *ast.LiteralNode:
		converted.Text = n.Value.Value
	case *ast.StringNode:
		converted.Text = n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		converted.Text = n.GetToken().Value
	default:
		converted.fail("the local AWS does not read YAML's %s", n.Type())
	}
	return converted
}

// convertFields makes the node a Map.
func (n *Node) convertFields(values []*ast.MappingValueNode, depth int) {
	n.Kind = Map
	for _, v := range values {
		name := convert(v.Key, depth+1)
		if name.Kind != Scalar {
			name.fail("the name of a member must be a text")
		}
		n.Fields = append(n.Fields, Field{Name: name.Text, Line: name.Line, Value: convert(v.Value, depth+1)})
	}
}
