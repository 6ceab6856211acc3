// Package template reads CloudFormation and SAM templates and evaluates their
// functions. What it does not know is an error with the template's line.
package template

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxDepth bounds how deep a template may nest.
const maxDepth = 60

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
	e := &Error{Line: 1, Problem: fmt.Sprintf(format, arguments...)}
	if n != nil {
		e.Line = n.Line
	}
	return e
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

// Only refuses members other than those named.
func (n *Node) Only(what string, names ...string) error {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if !slices.Contains(names, f.Name) {
			return &Error{Line: f.Line, Problem: fmt.Sprintf("the local AWS does not know %s of %s", f.Name, what)}
		}
	}
	return nil
}

func parse(text []byte) (*Node, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, invalid(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, &Error{Line: 1, Problem: "a template is one YAML document"}
	}
	return convert(file.Docs[0].Body, 0)
}

// invalid tells of a text that is no YAML.
func invalid(err error) error {
	var told yaml.Error
	if errors.As(err, &told) && told.GetToken() != nil && told.GetToken().Position != nil {
		return &Error{Line: told.GetToken().Position.Line, Problem: "no valid YAML: " + told.GetMessage(), Err: err}
	}
	return &Error{Line: 1, Problem: "no valid YAML: " + strings.TrimSpace(err.Error()), Err: err}
}

func convert(n ast.Node, depth int) (*Node, error) {
	line := 0
	if token := n.GetToken(); token != nil && token.Position != nil {
		line = token.Position.Line
	}
	if depth > maxDepth {
		return nil, &Error{Line: line, Problem: fmt.Sprintf("nested deeper than %d", maxDepth)}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return mapping(n.Values, line, depth)
	case *ast.MappingValueNode:
		return mapping([]*ast.MappingValueNode{n}, line, depth)
	case *ast.SequenceNode:
		list := &Node{Kind: List, Line: line}
		for _, value := range n.Values {
			item, err := convert(value, depth+1)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, item)
		}
		return list, nil
	case *ast.TagNode:
		return tagged(n, line, depth)
	case *ast.NullNode:
		return &Node{Kind: Null, Line: line}, nil
	case *ast.LiteralNode:
		return &Node{Kind: Scalar, Line: line, Text: n.Value.Value}, nil
	case *ast.StringNode:
		return &Node{Kind: Scalar, Line: line, Text: n.Value}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return &Node{Kind: Scalar, Line: line, Text: n.GetToken().Value}, nil
	}
	return nil, &Error{Line: line, Problem: fmt.Sprintf("the local AWS does not read YAML's %s", n.Type())}
}

func mapping(values []*ast.MappingValueNode, line, depth int) (*Node, error) {
	m := &Node{Kind: Map, Line: line}
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		token := v.Key.GetToken()
		if _, merge := v.Key.(*ast.MergeKeyNode); merge || token == nil {
			return nil, &Error{Line: line, Problem: "the local AWS does not read YAML's merge keys"}
		}
		name := token.Value
		if seen[name] {
			return nil, &Error{Line: token.Position.Line, Problem: name + " stands twice"}
		}
		seen[name] = true
		value, err := convert(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		m.Fields = append(m.Fields, Field{Name: name, Line: token.Position.Line, Value: value})
	}
	return m, nil
}

// tagged turns a short form (!Sub x) into the long one ({"Fn::Sub": x}).
func tagged(n *ast.TagNode, line, depth int) (*Node, error) {
	if n.Value == nil {
		return nil, &Error{Line: line, Problem: n.Start.Value + " without a value"}
	}
	value, err := convert(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(n.Start.Value, "!")
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return &Node{Kind: Map, Line: line, Fields: []Field{{Name: name, Line: line, Value: value}}}, nil
}
