package template

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
)

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
