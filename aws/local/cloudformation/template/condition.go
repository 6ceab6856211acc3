package template

import "strconv"

// choose evaluates Fn::If: a condition's name, the value if it holds, the other value.
func (s *Scope) choose(at *Node) (*Node, error) {
	if at.Kind != List || len(at.Items) != 3 {
		return nil, at.Errorf("Fn::If takes a condition and two values")
	}
	holds, err := s.holds(at.Items[0].Text, at.Line, 0)
	if err != nil {
		return nil, err
	}
	if holds {
		return s.Resolve(at.Items[1])
	}
	return s.Resolve(at.Items[2])
}

// Holds tells whether a condition of the template holds; "" always does. line is
// where the condition is asked for.
func (s *Scope) Holds(name string, line int) (bool, error) { return s.holds(name, line, 0) }

func (s *Scope) holds(name string, line, depth int) (bool, error) {
	if name == "" {
		return true, nil
	}
	condition := s.template.conditions.Get(name)
	if condition == nil {
		return false, &Error{Line: line, Problem: "there is no condition " + strconv.Quote(name)}
	}
	return s.test(condition, depth+1)
}

func (s *Scope) test(n *Node, depth int) (bool, error) {
	if depth > maxDepth {
		return false, n.Errorf("conditions name each other in a circle")
	}
	if n.Kind != Map || len(n.Fields) != 1 {
		return false, n.Errorf("a condition is one function")
	}
	f := n.Fields[0]
	switch f.Name {
	case "Condition":
		return s.holds(f.Value.Text, f.Line, depth)
	case "Fn::Equals":
		if len(f.Value.Items) != 2 {
			return false, n.Errorf("Fn::Equals takes two values")
		}
		left, err := s.Text(f.Value.Items[0])
		if err != nil {
			return false, err
		}
		right, err := s.Text(f.Value.Items[1])
		return left == right, err
	case "Fn::Not":
		if len(f.Value.Items) != 1 {
			return false, n.Errorf("Fn::Not takes one condition")
		}
		holds, err := s.test(f.Value.Items[0], depth+1)
		return !holds, err
	case "Fn::And", "Fn::Or":
		for _, item := range f.Value.Items {
			holds, err := s.test(item, depth+1)
			if err != nil || holds == (f.Name == "Fn::Or") {
				return holds, err
			}
		}
		return f.Name == "Fn::And", nil
	}
	return false, n.Errorf("the local AWS does not know the condition function %s", f.Name)
}
