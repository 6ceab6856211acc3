package template

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What is longer, or nested deeper, is refused.
const (
	maxTemplate = 51_200 // bytes of a template that CloudFormation takes in a request
	maxDepth    = 60
)

// parse reads YAML, of which JSON is a part.
func parse(text []byte) *Node {
	if len(text) > maxTemplate {
		must(failed(1, "a template has at most %d bytes", maxTemplate))
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		must(invalid(err))
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		must(failed(1, "a template is one YAML document"))
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
