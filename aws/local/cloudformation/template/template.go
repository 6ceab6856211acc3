package template

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"

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
