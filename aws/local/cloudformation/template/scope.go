package template

import (
	"strings"
)

// noValue removes the property that it is the value of.
const noValue = "AWS::NoValue"

// Scope is what a template's functions are evaluated in.
type Scope struct {
	// Values are the parameters and pseudo parameters by name.
	Values map[string]string
	// Ref and Attribute tell of resources: what Ref and Fn::GetAtt give. ok is
	// false when there is no such resource or attribute.
	Ref       func(resource string) (value string, ok bool, err error)
	Attribute func(resource, attribute string) (value string, ok bool, err error)

	template *Template
}

// Scope makes a scope for the template.
func (t *Template) Scope(values map[string]string) *Scope {
	nothing := func() (string, bool, error) { return "", false, nil }
	return &Scope{
		Values:    values,
		Ref:       func(string) (string, bool, error) { return nothing() },
		Attribute: func(string, string) (string, bool, error) { return nothing() },
		template:  t,
	}
}

// Resolve evaluates the functions in a node. Members whose value is
// AWS::NoValue are left out. A nil node stays nil.
func (s *Scope) Resolve(n *Node) (*Node, error) {
	if n == nil {
		return nil, nil
	}
	switch n.Kind {
	case List:
		list := &Node{Kind: List, Line: n.Line}
		for _, item := range n.Items {
			value, err := s.Resolve(item)
			if err != nil {
				return nil, err
			}
			if value.Kind != Null {
				list.Items = append(list.Items, value)
			}
		}
		return list, nil
	case Map:
		if len(n.Fields) == 1 && (n.Fields[0].Name == "Ref" || strings.HasPrefix(n.Fields[0].Name, "Fn::")) {
			return s.call(n.Fields[0])
		}
		m := &Node{Kind: Map, Line: n.Line}
		for _, f := range n.Fields {
			value, err := s.Resolve(f.Value)
			if err != nil {
				return nil, err
			}
			if value.Kind != Null {
				m.Fields = append(m.Fields, Field{Name: f.Name, Line: f.Line, Value: value})
			}
		}
		return m, nil
	default:
		return n, nil
	}
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

func (s *Scope) call(f Field) (*Node, error) {
	at := &Node{Kind: Scalar, Line: f.Line}
	var err error
	switch f.Name {
	case "Ref":
		if f.Value.Text == noValue {
			return &Node{Kind: Null, Line: f.Line}, nil
		}
		at.Text, err = s.ref(f.Value, f.Value.Text)
	case "Fn::GetAtt":
		at.Text, err = s.getAtt(f.Value)
	case "Fn::Sub":
		at.Text, err = s.sub(f.Value)
	case "Fn::Join":
		at.Text, err = s.join(f.Value)
	case "Fn::If":
		return s.choose(f.Value)
	default:
		return nil, at.Errorf("the local AWS does not know the function %s", f.Name)
	}
	if err != nil {
		return nil, err
	}
	return at, nil
}

func (s *Scope) ref(at *Node, name string) (string, error) {
	if at.Kind != Scalar {
		return "", at.Errorf("Ref takes a name")
	}
	if value, ok := s.Values[name]; ok {
		return value, nil
	}
	value, ok, err := s.Ref(name)
	if err == nil && !ok {
		err = at.Errorf("there is no parameter or resource %q", name)
	}
	return value, err
}

func (s *Scope) getAtt(at *Node) (string, error) {
	name, attribute, _ := strings.Cut(at.Text, ".")
	if at.Kind == List && len(at.Items) == 2 {
		name, attribute = at.Items[0].Text, at.Items[1].Text
	}
	return s.attribute(at, name, attribute)
}

func (s *Scope) attribute(at *Node, name, attribute string) (string, error) {
	if name == "" || attribute == "" {
		return "", at.Errorf("Fn::GetAtt takes a resource and an attribute")
	}
	value, ok, err := s.Attribute(name, attribute)
	if err == nil && !ok {
		err = at.Errorf("there is no %s of a resource %s", attribute, name)
	}
	return value, err
}

// sub replaces ${Name}, ${Name.Attribute} and the names of its own map; ${!x}
// stands for ${x} itself.
func (s *Scope) sub(at *Node) (string, error) {
	text, own := at, (*Node)(nil)
	if at.Kind == List && len(at.Items) == 2 && at.Items[1].Kind == Map {
		text, own = at.Items[0], at.Items[1]
	}
	if text.Kind != Scalar {
		return "", at.Errorf("Fn::Sub takes a text, or a list of a text and a map")
	}
	var b strings.Builder
	rest := text.Text
	for {
		before, after, found := strings.Cut(rest, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, behind, closed := strings.Cut(after, "}")
		if !closed {
			return "", text.Errorf("${ without }")
		}
		rest = behind
		value, err := s.substitute(text, own, strings.TrimSpace(name))
		if err != nil {
			return "", err
		}
		b.WriteString(value)
	}
}

func (s *Scope) substitute(at, own *Node, name string) (string, error) {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literal + "}", nil
	}
	if value := own.Get(name); value != nil {
		return s.Text(value)
	}
	if resource, attribute, ok := strings.Cut(name, "."); ok {
		return s.attribute(at, resource, attribute)
	}
	return s.ref(at, name)
}

func (s *Scope) join(at *Node) (string, error) {
	if at.Kind != List || len(at.Items) != 2 || at.Items[0].Kind != Scalar {
		return "", at.Errorf("Fn::Join takes a separator and a list")
	}
	list, err := s.Resolve(at.Items[1])
	if err != nil {
		return "", err
	}
	if list.Kind != List {
		return "", at.Errorf("Fn::Join takes a separator and a list")
	}
	parts := make([]string, len(list.Items))
	for i, item := range list.Items {
		if item.Kind != Scalar {
			return "", item.Errorf("Fn::Join joins texts")
		}
		parts[i] = item.Text
	}
	return strings.Join(parts, at.Items[0].Text), nil
}
