package asl

import (
	"errors"
	"strings"
)

// template is a payload template (Parameters, ResultSelector): members whose
// name ends in ".$" are paths, everything else is taken as it is.
type template struct {
	// literal is a value without paths; set when everything else is not.
	literal any
	object  []templateMember
	array   []template
	path    *path
}

type templateMember struct {
	name  string
	value template
}

// memberError is a member of a template that can't be compiled, in AWS's words.
type memberError string

func (e memberError) Error() string { return string(e) }

// parseTemplate compiles v.
func parseTemplate(v any) (template, error) {
	switch v := v.(type) {
	case *object:
		t := template{object: []templateMember{}}
		for _, name := range v.names {
			member, err := parseTemplateMember(name, v.values[name])
			if err != nil {
				return template{}, err
			}
			t.object = append(t.object, member)
		}
		return t, nil
	case []any:
		t := template{array: []template{}}
		for _, e := range v {
			element, err := parseTemplate(e)
			if err != nil {
				return template{}, err
			}
			t.array = append(t.array, element)
		}
		return t, nil
	}
	return template{literal: v}, nil
}

func parseTemplateMember(name string, v any) (templateMember, error) {
	bare, ok := strings.CutSuffix(name, ".$")
	if !ok {
		t, err := parseTemplate(v)
		return templateMember{name: name, value: t}, err
	}
	text, ok := v.(string)
	if ok && strings.HasPrefix(text, "States.") {
		return templateMember{}, memberError("The intrinsic function of the field '" + name + "' is not supported by the local AWS")
	}
	p, err := parsePath(text)
	if !ok || err != nil {
		return templateMember{}, memberError("The value for the field '" + name + "' must be a valid JSONPath or a valid intrinsic function call")
	}
	return templateMember{name: bare, value: template{path: &p}}, nil
}

// fill evaluates the template over input and the context object.
func (t template) fill(input document, context func() any) (any, error) {
	switch {
	case t.object != nil:
		o := newObject()
		for _, m := range t.object {
			v, err := m.value.fill(input, context)
			if _, ok := errors.AsType[*noPathError](err); ok {
				return nil, notFoundFor(m.value.path.text, m.name+".$", input)
			}
			if err != nil {
				return nil, err
			}
			o.set(m.name, v)
		}
		return o, nil
	case t.array != nil:
		array := make([]any, 0, len(t.array))
		for _, e := range t.array {
			v, err := e.fill(input, context)
			if err != nil {
				return nil, err
			}
			array = append(array, v)
		}
		return array, nil
	case t.path != nil:
		return t.path.in(input, context)
	}
	return t.literal, nil
}

// in evaluates the path over input, or over the context object when it starts with "$$".
func (p path) in(input document, context func() any) (any, error) {
	if p.context {
		return p.find(context())
	}
	return p.find(input.value)
}
