package template

import "strings"

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
