package template

import "strings"

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
	DependsOn  []string
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
	if root.Kind != Map {
		return nil, root.Errorf("a template is a map")
	}
	err = root.Only("a template", "AWSTemplateFormatVersion", "Transform", "Description", "Metadata",
		"Parameters", "Conditions", "Resources", "Outputs")
	if err != nil {
		return nil, err
	}
	if transform, err := root.String("Transform"); err != nil || transform != "" && transform != serverless {
		return nil, root.Get("Transform").Errorf("the local AWS knows only the transform %s", serverless)
	}
	t := &Template{conditions: root.Get("Conditions")}
	if t.Description, err = root.String("Description"); err != nil {
		return nil, err
	}
	if t.Parameters, err = each(root.Get("Parameters"), parameter); err != nil {
		return nil, err
	}
	if t.Resources, err = each(root.Get("Resources"), resource); err != nil {
		return nil, err
	}
	if len(t.Resources) == 0 {
		return nil, root.Errorf("a template has at least one resource")
	}
	t.Outputs, err = each(root.Get("Outputs"), output)
	return t, err
}

// each reads the members of a section, which are maps themselves.
func each[T any](section *Node, read func(Field) (T, error)) ([]T, error) {
	if section == nil || section.Kind == Null {
		return nil, nil
	}
	if section.Kind != Map {
		return nil, section.Errorf("a section of a template is a map")
	}
	var all []T
	for _, f := range section.Fields {
		if f.Value.Kind != Map {
			return nil, f.Value.Errorf("%s must be a map", f.Name)
		}
		one, err := read(f)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func resource(f Field) (Resource, error) {
	r := Resource{Name: f.Name, Line: f.Line, Properties: f.Value.Get("Properties")}
	err := f.Value.Only("a resource", "Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy")
	if err != nil {
		return r, err
	}
	if r.Type, err = f.Value.String("Type"); err != nil {
		return r, err
	}
	if r.Condition, err = f.Value.String("Condition"); err != nil {
		return r, err
	}
	if r.Properties != nil && r.Properties.Kind != Map {
		return r, r.Properties.Errorf("Properties of %s must be a map", f.Name)
	}
	switch d := f.Value.Get("DependsOn"); {
	case d == nil:
	case d.Kind == Scalar:
		r.DependsOn = []string{d.Text}
	case d.Kind == List:
		for _, item := range d.Items {
			r.DependsOn = append(r.DependsOn, item.Text)
		}
	}
	if strings.TrimSpace(r.Type) == "" {
		return r, f.Value.Errorf("%s has no Type", f.Name)
	}
	return r, nil
}

func output(f Field) (Output, error) {
	o := Output{Name: f.Name, Line: f.Line, Value: f.Value.Get("Value")}
	err := f.Value.Only("an output", "Value", "Description", "Condition")
	if err != nil {
		return o, err
	}
	if o.Value == nil {
		return o, f.Value.Errorf("output %s has no Value", f.Name)
	}
	if o.Description, err = f.Value.String("Description"); err != nil {
		return o, err
	}
	o.Condition, err = f.Value.String("Condition")
	return o, err
}
