package template

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
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

// Parse reads a template in YAML or JSON.
func Parse(text []byte) (*Template, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	t, transform := &Template{conditions: root.Get("Conditions")}, ""
	err = cmp.Or(
		root.Only("a template", "AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs"),
		root.texts(map[string]*string{"Description": &t.Description, "Transform": &transform}),
		each(root.Get("Parameters"), &t.Parameters, parameter),
		each(root.Get("Resources"), &t.Resources, resource),
		each(root.Get("Outputs"), &t.Outputs, output),
	)
	switch {
	case err != nil:
		return nil, err
	case transform != "" && transform != serverless:
		return nil, root.Get("Transform").Errorf("the local AWS knows only the transform %s", serverless)
	case len(t.Resources) == 0:
		return nil, root.Errorf("a template is a map with at least one of the Resources")
	}
	return t, nil
}

// each reads the members of a section, which are maps themselves.
func each[T any](section *Node, all *[]T, read func(Field) (T, error)) error {
	if section == nil || section.Kind == Null {
		return nil
	}
	if section.Kind != Map {
		return section.Errorf("a section of a template is a map")
	}
	for _, f := range section.Fields {
		if f.Value.Kind != Map {
			return f.Value.Errorf("%s must be a map", f.Name)
		}
		one, err := read(f)
		if err != nil {
			return err
		}
		*all = append(*all, one)
	}
	return nil
}

func resource(f Field) (Resource, error) {
	r := Resource{Name: f.Name, Line: f.Line, Properties: f.Value.Get("Properties")}
	err := cmp.Or(
		f.Value.Only("a resource", "Type", "Properties", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"),
		f.Value.texts(map[string]*string{"Type": &r.Type, "Condition": &r.Condition}),
	)
	if err == nil && r.Type == "" {
		err = f.Value.Errorf("%s has no Type", f.Name)
	}
	if err == nil && r.Properties != nil && r.Properties.Kind != Map {
		err = r.Properties.Errorf("Properties of %s must be a map", f.Name)
	}
	return r, err
}

func output(f Field) (Output, error) {
	o := Output{Name: f.Name, Line: f.Line, Value: f.Value.Get("Value")}
	err := cmp.Or(
		f.Value.Only("an output", "Value", "Description", "Condition"),
		f.Value.texts(map[string]*string{"Description": &o.Description, "Condition": &o.Condition}),
	)
	if err == nil && o.Value == nil {
		err = f.Value.Errorf("output %s has no Value", f.Name)
	}
	return o, err
}

// Parameter is a parameter as a template declares it.
type Parameter struct {
	Name string

	declared *Node
	// kind is String or Number.
	kind string
}

// maxParameter is the most bytes of a parameter's value.
const maxParameter = 4096

func parameter(f Field) (Parameter, error) {
	p := Parameter{Name: f.Name, declared: f.Value}
	err := f.Value.Only("a parameter", "Type", "Default", "Description", "AllowedValues", "AllowedPattern",
		"ConstraintDescription", "MinValue", "MaxValue", "NoEcho")
	if err == nil {
		p.kind, err = f.Value.String("Type")
	}
	if err == nil && p.kind != "String" && p.kind != "Number" {
		err = f.Value.Errorf("the local AWS does not know parameters of type %q", p.kind)
	}
	return p, err
}

// Values gives every parameter its value: the given one, else the default. It
// refuses what a parameter's own rules refuse, and names that no parameter has.
func (t *Template) Values(given map[string]string) (map[string]string, error) {
	values := make(map[string]string, len(t.Parameters))
	for _, p := range t.Parameters {
		value, ok := given[p.Name]
		if !ok {
			if p.declared.Get("Default") == nil {
				return nil, p.declared.Errorf("parameter %s needs a value", p.Name)
			}
			var err error
			if value, err = p.declared.String("Default"); err != nil {
				return nil, err
			}
		}
		if err := p.check(value); err != nil {
			return nil, err
		}
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
func (p Parameter) check(value string) error {
	number, err := strconv.ParseFloat(value, 64)
	if p.kind == "Number" && (err != nil || math.IsNaN(number) || math.IsInf(number, 0)) {
		return p.declared.Errorf("parameter %s must be a number, not %q", p.Name, value)
	}
	if len(value) > maxParameter {
		return p.declared.Errorf("parameter %s has more than %d bytes", p.Name, maxParameter)
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
			return rule.Value.Errorf("%s of parameter %s: %v", rule.Name, p.Name, err)
		}
		if !kept {
			return rule.Value.Errorf("parameter %s may not be %q: the template has another %s", p.Name, value, rule.Name)
		}
	}
	return nil
}
