package template

import (
	"regexp"
	"strings"

	"orderops/aws/local/wire"
)

// Scope is what a template's functions are evaluated in. It is for one
// goroutine.
type Scope struct {
	// Values are the parameters and pseudo parameters by name.
	Values map[string]string
	// Resource is a resource's attribute, or what Ref gives of it for "". ok is
	// false when there is no such resource or attribute. Nil means no resources.
	Resource func(name, attribute string) (value string, ok bool)

	conditions *Node
}

// Scope makes a scope for the template, without resources.
func (t *Template) Scope(values map[string]string) *Scope {
	return &Scope{Values: values, conditions: t.conditions}
}

// Resolve evaluates the functions in a node. Members and items whose value is
// AWS::NoValue are left out. A nil node stays nil.
func (s *Scope) Resolve(n *Node) (*Node, error) {
	return wire.Try(func() (*Node, error) { return s.resolve(n), nil })
}

// Text evaluates a node that must be a text.
func (s *Scope) Text(n *Node) (string, error) {
	value, err := s.Resolve(n)
	if err != nil {
		return "", err
	}
	if value == nil || value.Kind != Scalar {
		return "", n.Errorf("a text is needed here")
	}
	return value.Text, nil
}

// Holds tells whether a condition of the template holds; "" always does. line is
// where the condition is asked for.
func (s *Scope) Holds(name string, line int) (bool, error) {
	return wire.Try(func() (bool, error) { return s.holds(name, line), nil })
}

func (s *Scope) resolve(n *Node) *Node {
	if n == nil {
		return nil
	}
	resolved := &Node{Kind: n.Kind, Line: n.Line, Text: n.Text}
	for _, item := range n.Items {
		if value := s.resolve(item); value.Kind != Null {
			resolved.Items = append(resolved.Items, value)
		}
	}
	for _, f := range n.Fields {
		if f.Name == "Ref" || strings.HasPrefix(f.Name, "Fn::") {
			if len(n.Fields) > 1 {
				wire.Check(failed(f.Line, "%s stands beside other members", f.Name))
			}
			return s.call(f)
		}
		if value := s.resolve(f.Value); value.Kind != Null {
			resolved.Fields = append(resolved.Fields, Field{Name: f.Name, Line: f.Line, Value: value})
		}
	}
	return resolved
}

func (s *Scope) holds(name string, line int) bool {
	if name == "" {
		return true
	}
	condition := s.conditions.Get(name)
	if condition == nil {
		wire.Check(failed(line, "there is no condition %q", name))
	}
	return s.test(condition)
}

// test evaluates a condition: Fn::Equals, or Fn::Not of one.
func (s *Scope) test(n *Node) bool {
	if len(n.Fields) != 1 {
		n.fail("a condition is one function")
	}
	name, at := n.Fields[0].Name, n.Fields[0].Value
	switch {
	case name == "Fn::Not" && len(at.Items) == 1:
		return !s.test(at.Items[0])
	case name != "Fn::Equals":
		n.fail("the local AWS does not know this form of the condition %s", name)
	}
	bare := *s
	bare.Resource = nil // conditions may use parameters but no resources
	first, second := bare.resolve(at).pair()
	if second == nil || second.Kind != Scalar {
		n.fail("Fn::Equals takes two texts")
	}
	return first == second.Text
}

// maxText is the most bytes that a function gives: texts that hold each other
// several times grow without end.
const maxText = 1 << 16

// call evaluates a function.
func (s *Scope) call(f Field) *Node {
	if f.Name == "Fn::If" {
		return s.choose(f.Value)
	}
	at := s.resolve(f.Value)
	first, second := at.pair()
	value := &Node{Line: f.Line}
	switch f.Name {
	case "Ref":
		if at.Text == "AWS::NoValue" {
			return &Node{Kind: Null, Line: f.Line}
		}
		value.Text = s.find(at, at.Text, "")
	case "Fn::GetAtt":
		resource, attribute, _ := strings.Cut(at.Text, ".")
		if second != nil {
			resource, attribute = first, second.Text
		}
		if attribute == "" {
			at.fail("Fn::GetAtt takes a resource and an attribute")
		}
		value.Text = s.find(at, resource, attribute)
	case "Fn::Sub":
		value.Text = s.sub(at)
	case "Fn::Join":
		value.Text = join(at, first, second)
	default:
		wire.Check(failed(f.Line, "the local AWS does not know the function %s", f.Name))
	}
	if len(value.Text) > maxText {
		wire.Check(failed(f.Line, "%s gives more than %d bytes", f.Name, maxText))
	}
	return value
}

// choose evaluates Fn::If; the value that is not chosen is not evaluated.
func (s *Scope) choose(at *Node) *Node {
	if len(at.Items) != 3 || at.Items[0].Kind != Scalar || at.Items[0].Text == "" {
		at.fail("Fn::If takes a condition and two values")
	}
	if s.holds(at.Items[0].Text, at.Items[0].Line) {
		return s.resolve(at.Items[1])
	}
	return s.resolve(at.Items[2])
}

// find is a parameter's value, what Ref gives of a resource, or its attribute.
func (s *Scope) find(at *Node, name, attribute string) string {
	if value, ok := s.Values[name]; ok && attribute == "" {
		return value
	}
	if s.Resource != nil {
		if value, ok := s.Resource(name, attribute); ok {
			return value
		}
	}
	if attribute == "" {
		at.fail("there is no parameter or resource %q", name)
	}
	at.fail("there is no %s of a resource %s", attribute, name)
	return ""
}

// sub replaces ${Name} and ${Name.Attribute}.
func (s *Scope) sub(at *Node) string {
	if at.Kind != Scalar {
		at.fail("the local AWS has Fn::Sub of a text only")
	}
	size := 0
	return regexp.MustCompile(`\$\{[^}]*\}?`).ReplaceAllStringFunc(at.Text, func(variable string) string {
		name, closed := strings.CutSuffix(variable[len("${"):], "}")
		if !closed {
			at.fail("${ without }")
		}
		if size > maxText {
			return "" // call refuses it
		}
		resource, attribute, _ := strings.Cut(name, ".")
		value := s.find(at, resource, attribute)
		size += len(value)
		return value
	})
}

func join(at *Node, separator string, list *Node) string {
	if list == nil || list.Kind != List {
		at.fail("Fn::Join takes a separator and a list")
	}
	var b strings.Builder
	for i, item := range list.Items {
		if item.Kind != Scalar {
			item.fail("Fn::Join joins texts")
		}
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(item.Text)
		if b.Len() > maxText {
			break // call refuses it
		}
	}
	return b.String()
}
