package asl

import "errors"

// fail is the part of a Fail state.
type fail struct {
	name, cause         string
	namePath, causePath *path
}

func (f *fields) failState() *fail {
	s := &fail{}
	s.name, _ = f.text("Error")
	s.cause, _ = f.text("Cause")
	s.namePath, _ = f.path("ErrorPath", true)
	s.causePath, _ = f.path("CausePath", true)
	f.atMostOne("Error", "ErrorPath")
	f.atMostOne("Cause", "CausePath")
	return s
}

// failure is what the state ends the execution with.
func (s *fail) failure(v *visit, input document) error {
	name, err := textAt(v, s.namePath, "ErrorPath", s.name, input)
	if err != nil {
		return err
	}
	cause, err := textAt(v, s.causePath, "CausePath", s.cause, input)
	if err != nil {
		return err
	}
	return &failure{name: name, cause: cause}
}

// textAt is the string at p, or otherwise when there is no p.
func textAt(v *visit, p *path, field, otherwise string, input document) (string, error) {
	if p == nil {
		return otherwise, nil
	}
	value, err := p.in(input, v.context)
	if _, ok := errors.AsType[*noPathError](err); ok {
		return "", notFoundFor(p.text, field, input)
	}
	if err != nil {
		return "", err
	}
	text, ok := value.(string)
	if !ok {
		return "", runtimeFailure("The %s field must refer to a string: %s == %s", field, p.text, encode(value))
	}
	return text, nil
}
