package asl

// pass is the part of a Pass state.
type pass struct {
	// result replaces the input when hasResult is set; null is a result too.
	result     any
	hasResult  bool
	parameters *template
	resultPath dataPath
}

func (f *fields) pass() *pass {
	p := &pass{parameters: f.template("Parameters"), resultPath: f.dataPath("ResultPath")}
	f.known["Result"] = true
	p.result, p.hasResult = f.members.get("Result")
	return p
}

func (v *visit) runPass(input document) (document, error) {
	p := v.state.pass
	result, err := v.narrow(v.state.input, input)
	if err == nil {
		result, err = v.fill(p.parameters, result)
	}
	if err != nil {
		return document{}, err
	}
	if p.hasResult {
		result = newDocument(p.result)
	}
	return p.resultPath.merge(input, result)
}

// fail is the part of a Fail state: texts, or the paths to them.
type fail struct {
	name, cause         string
	namePath, causePath *path
}

func (f *fields) failState() *fail {
	f.atMostOne("Error", "ErrorPath")
	f.atMostOne("Cause", "CausePath")
	return &fail{f.text("Error"), f.text("Cause"), f.path("ErrorPath"), f.path("CausePath")}
}

// fail is what the state ends the execution with.
func (v *visit) fail(input document) error {
	s := v.state.fail
	name, err := v.textAt(s.namePath, "ErrorPath", s.name, input)
	if err != nil {
		return err
	}
	cause, err := v.textAt(s.causePath, "CausePath", s.cause, input)
	if err != nil {
		return err
	}
	return &failure{name: name, cause: cause}
}

// textAt is the string at p, or otherwise when there is no p.
func (v *visit) textAt(p *path, field, otherwise string, input document) (string, error) {
	if p == nil {
		return otherwise, nil
	}
	value, err := v.at(p, input)
	if err != nil {
		return "", notFoundFor(p.text, field, input)
	}
	text, ok := value.(string)
	if !ok {
		return "", runtimeFailure("The %s field must refer to a string: %s == %s", field, p.text, encode(value))
	}
	return text, nil
}
