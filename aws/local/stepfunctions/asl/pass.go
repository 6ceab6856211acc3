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
	p := &pass{resultPath: f.dataPath("ResultPath")}
	p.result, p.hasResult = f.get("Result")
	p.parameters = f.template("Parameters")
	return p
}

func (p *pass) run(v *visit, input document) (document, error) {
	result, err := v.state.input.of(input, v.context)
	if err != nil {
		return document{}, err
	}
	if p.parameters != nil {
		filled, err := p.parameters.fill(result, v.context)
		if err != nil {
			return document{}, err
		}
		result = newDocument(filled)
	}
	if p.hasResult {
		result = newDocument(p.result)
	}
	return p.resultPath.merge(input, result)
}
