package template

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"orderops/aws/local/wire"
)

// serverless is the one transform: SAM's.
const serverless = "AWS::Serverless-2016-10-31"

// Template is a read template; nothing in it is evaluated yet.
type Template struct {
	Description string
	Parameters  []Parameter
	Resources   []Resource
	Outputs     []Output

	conditions *Node
}

// Resource is one resource of a template.
type Resource struct {
	Name string
	Type string
	Line int
	// Properties is nil when the resource has none.
	Properties *Node
	// Condition names the condition under which the resource exists, "" for always.
	Condition string
}

// Output is one output of a template.
type Output struct {
	Name        string
	Line        int
	Description string
	Value       *Node
	Condition   string
}

// Parameter is a parameter as a template declares it.
type Parameter struct {
	Name string

	declared *Node
	// kind is String or Number.
	kind string
}

// Parse reads a template in YAML or JSON.
func Parse(text []byte) (*Template, error) {
	return wire.Try(func() (*Template, error) { return read(parse(text)), nil })
}

func read(root *Node) *Template {
	root.only("a template", "AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs")
	if transform := root.text("Transform"); transform != "" && transform != serverless {
		root.Get("Transform").fail("the local AWS knows only the transform %s", serverless)
	}
	t := &Template{
		Description: root.text("Description"), conditions: root.Get("Conditions"),
		Parameters: each(root.Get("Parameters"), parameter),
		Resources:  each(root.Get("Resources"), resource),
		Outputs:    each(root.Get("Outputs"), output),
	}
	if len(t.Resources) == 0 {
		root.fail("a template is a map with at least one of the Resources")
	}
	return t
}

// each reads the members of a section, which are maps themselves.
func each[T any](section *Node, read func(Field) T) (all []T) {
	if section == nil || section.Kind == Null {
		return nil
	}
	if section.Kind != Map {
		section.fail("a section of a template is a map")
	}
	for _, f := range section.Fields {
		if f.Value.Kind != Map {
			f.Value.fail("%s must be a map", f.Name)
		}
		all = append(all, read(f))
	}
	return all
}

func resource(f Field) Resource {
	f.Value.only("a resource", "Type", "Properties", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy")
	r := Resource{Name: f.Name, Line: f.Line, Properties: f.Value.Get("Properties"), Type: f.Value.text("Type"), Condition: f.Value.text("Condition")}
	if r.Type == "" || r.Properties != nil && r.Properties.Kind != Map {
		f.Value.fail("%s needs a Type, and Properties must be a map", f.Name)
	}
	return r
}

func output(f Field) Output {
	f.Value.only("an output", "Value", "Description", "Condition")
	o := Output{Name: f.Name, Line: f.Line, Value: f.Value.Get("Value"), Description: f.Value.text("Description"), Condition: f.Value.text("Condition")}
	if o.Value == nil {
		f.Value.fail("output %s has no Value", f.Name)
	}
	return o
}

// maxParameter is the most bytes of a parameter's value.
const maxParameter = 4096

func parameter(f Field) Parameter {
	f.Value.only("a parameter", "Type", "Default", "Description", "AllowedValues", "AllowedPattern", "ConstraintDescription", "MinValue", "MaxValue", "NoEcho")
	p := Parameter{Name: f.Name, declared: f.Value, kind: f.Value.text("Type")}
	if p.kind != "String" && p.kind != "Number" {
		f.Value.fail("the local AWS does not know parameters of type %q", p.kind)
	}
	return p
}

// Values gives every parameter its value: the given one, else the default. It
// refuses what a parameter's own rules refuse, and names that no parameter has.
func (t *Template) Values(given map[string]string) (map[string]string, error) {
	return wire.Try(func() (map[string]string, error) { return t.values(given) })
}

func (t *Template) values(given map[string]string) (map[string]string, error) {
	values := make(map[string]string, len(t.Parameters))
	for _, p := range t.Parameters {
		value, ok := given[p.Name]
		if !ok && p.declared.Get("Default") == nil {
			p.declared.fail("parameter %s needs a value", p.Name)
		}
		if !ok {
			value = p.declared.text("Default")
		}
		p.check(value)
		values[p.Name] = value
	}
	for name := range given {
		if _, ok := values[name]; !ok {
			return nil, fmt.Errorf("the template has no parameter %s", name)
		}
	}
	return values, nil
}

// check refuses a value that breaks one of the parameter's rules.
func (p Parameter) check(value string) {
	number, err := strconv.ParseFloat(value, 64)
	if p.kind == "Number" && (err != nil || math.IsNaN(number) || math.IsInf(number, 0)) {
		p.declared.fail("parameter %s must be a number, not %q", p.Name, value)
	}
	if len(value) > maxParameter {
		p.declared.fail("parameter %s has more than %d bytes", p.Name, maxParameter)
	}
	for _, rule := range p.declared.Fields {
		kept, err := true, error(nil)
		switch rule.Name {
		case "MinValue", "MaxValue":
			var limit float64
			limit, err = strconv.ParseFloat(rule.Value.Text, 64)
			kept = number == limit || number > limit == (rule.Name == "MinValue")
		case "AllowedPattern":
			kept, err = regexp.MatchString("^(?:"+rule.Value.Text+")$", value)
		case "AllowedValues":
			kept = slices.ContainsFunc(rule.Value.Items, func(item *Node) bool { return item.Kind == Scalar && item.Text == value })
		}
		if err != nil {
			rule.Value.fail("%s of parameter %s: %v", rule.Name, p.Name, err)
		}
		if !kept {
			rule.Value.fail("parameter %s may not be %q: the template has another %s", p.Name, value, rule.Name)
		}
	}
}

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
