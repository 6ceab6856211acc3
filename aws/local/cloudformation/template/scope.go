package template

import (
	"regexp"
	"strings"
)

// Scope is what a template's functions are evaluated in. It is for one
// goroutine.
type Scope struct {
	// Values are the parameters and pseudo parameters by name.
	Values map[string]string
	// Resource is a resource's attribute, or what Ref gives of it for "". ok is
	// false when there is no such resource or attribute. Nil means no resources.
	Resource func(name, attribute string) (value string, ok bool, err error)

	conditions *Node
}

// Scope makes a scope for the template, without resources.
func (t *Template) Scope(values map[string]string) *Scope {
	return &Scope{Values: values, conditions: t.conditions}
}

// Resolve evaluates the functions in a node. Members and items whose value is
// AWS::NoValue are left out. A nil node stays nil.
func (s *Scope) Resolve(n *Node) (*Node, error) {
	if n == nil {
		return nil, nil
	}
	resolved := &Node{Kind: n.Kind, Line: n.Line, Text: n.Text}
	for _, item := range n.Items {
		value, err := s.Resolve(item)
		if err != nil {
			return nil, err
		}
		if value.Kind != Null {
			resolved.Items = append(resolved.Items, value)
		}
	}
	for _, f := range n.Fields {
		if f.Name == "Ref" || strings.HasPrefix(f.Name, "Fn::") {
			if len(n.Fields) > 1 {
				return nil, failed(f.Line, "%s stands beside other members", f.Name)
			}
			return s.call(f)
		}
		value, err := s.Resolve(f.Value)
		if err != nil {
			return nil, err
		}
		if value.Kind != Null {
			resolved.Fields = append(resolved.Fields, Field{Name: f.Name, Line: f.Line, Value: value})
		}
	}
	return resolved, nil
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
	if name == "" {
		return true, nil
	}
	condition := s.conditions.Get(name)
	if condition == nil {
		return false, failed(line, "there is no condition %q", name)
	}
	return s.test(condition)
}

// test evaluates a condition: Fn::Equals, or Fn::Not of one.
func (s *Scope) test(n *Node) (bool, error) {
	if len(n.Fields) != 1 {
		return false, n.Errorf("a condition is one function")
	}
	name, at := n.Fields[0].Name, n.Fields[0].Value
	switch {
	case name == "Fn::Not" && len(at.Items) == 1:
		holds, err := s.test(at.Items[0])
		return !holds, err
	case name != "Fn::Equals":
		return false, n.Errorf("the local AWS does not know this form of the condition %s", name)
	}
	bare := *s
	bare.Resource = nil // conditions may use parameters but no resources
	sides, err := bare.Resolve(at)
	if err != nil {
		return false, err
	}
	first, second := sides.pair()
	if second == nil || second.Kind != Scalar {
		return false, n.Errorf("Fn::Equals takes two texts")
	}
	return first == second.Text, nil
}

// maxText is the most bytes that a function gives: texts that hold each other
// several times grow without end.
const maxText = 1 << 16

// call evaluates a function.
func (s *Scope) call(f Field) (*Node, error) {
	if f.Name == "Fn::If" {
		return s.choose(f.Value)
	}
	at, err := s.Resolve(f.Value)
	if err != nil {
		return nil, err
	}
	first, second := at.pair()
	value := &Node{Line: f.Line}
	switch f.Name {
	case "Ref":
		if at.Text == "AWS::NoValue" {
			return &Node{Kind: Null, Line: f.Line}, nil
		}
		value.Text, err = s.find(at, at.Text, "")
	case "Fn::GetAtt":
		resource, attribute, _ := strings.Cut(at.Text, ".")
		if second != nil {
			resource, attribute = first, second.Text
		}
		if attribute == "" {
			return nil, at.Errorf("Fn::GetAtt takes a resource and an attribute")
		}
		value.Text, err = s.find(at, resource, attribute)
	case "Fn::Sub":
		value.Text, err = s.sub(at)
	case "Fn::Join":
		value.Text, err = join(at, first, second)
	default:
		err = failed(f.Line, "the local AWS does not know the function %s", f.Name)
	}
	if err == nil && len(value.Text) > maxText {
		err = failed(f.Line, "%s gives more than %d bytes", f.Name, maxText)
	}
	return value, err
}

// choose evaluates Fn::If; the value that is not chosen is not evaluated.
func (s *Scope) choose(at *Node) (*Node, error) {
	if len(at.Items) != 3 || at.Items[0].Kind != Scalar || at.Items[0].Text == "" {
		return nil, at.Errorf("Fn::If takes a condition and two values")
	}
	holds, err := s.Holds(at.Items[0].Text, at.Items[0].Line)
	if err != nil {
		return nil, err
	}
	if holds {
		return s.Resolve(at.Items[1])
	}
	return s.Resolve(at.Items[2])
}

// find is a parameter's value, what Ref gives of a resource, or its attribute.
func (s *Scope) find(at *Node, name, attribute string) (value string, err error) {
	ok := false
	if attribute == "" {
		value, ok = s.Values[name]
	}
	if !ok && s.Resource != nil {
		value, ok, err = s.Resource(name, attribute)
	}
	switch {
	case ok || err != nil:
		return value, err
	case attribute == "":
		return "", at.Errorf("there is no parameter or resource %q", name)
	}
	return "", at.Errorf("there is no %s of a resource %s", attribute, name)
}

// sub replaces ${Name} and ${Name.Attribute}.
func (s *Scope) sub(at *Node) (string, error) {
	if at.Kind != Scalar {
		return "", at.Errorf("the local AWS has Fn::Sub of a text only")
	}
	var err error
	size := 0
	replaced := regexp.MustCompile(`\$\{[^}]*\}?`).ReplaceAllStringFunc(at.Text, func(variable string) string {
		value := ""
		if err == nil && size <= maxText {
			value, err = s.substitute(at, variable)
		}
		size += len(value)
		return value
	})
	return replaced, err
}

func (s *Scope) substitute(at *Node, variable string) (string, error) {
	name, closed := strings.CutSuffix(variable[len("${"):], "}")
	if !closed {
		return "", at.Errorf("${ without }")
	}
	resource, attribute, _ := strings.Cut(name, ".")
	return s.find(at, resource, attribute)
}

func join(at *Node, separator string, list *Node) (string, error) {
	if list == nil || list.Kind != List {
		return "", at.Errorf("Fn::Join takes a separator and a list")
	}
	var b strings.Builder
	for i, item := range list.Items {
		if item.Kind != Scalar {
			return "", item.Errorf("Fn::Join joins texts")
		}
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(item.Text)
		if b.Len() > maxText {
			break // call refuses it
		}
	}
	return b.String(), nil
}
