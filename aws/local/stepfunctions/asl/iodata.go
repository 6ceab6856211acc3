package asl

import "errors"

// dataPath is InputPath, OutputPath or ResultPath. The zero value is "$".
type dataPath struct {
	path path
	set  bool
	// null discards: an empty object as input or output, the input untouched as result.
	null bool
}

// of narrows input to what the path selects.
func (p dataPath) of(input document, context func() any) (document, error) {
	switch {
	case p.null:
		return newDocument(newObject()), nil
	case !p.set || len(p.path.steps) == 0 && !p.path.context:
		return input, nil
	}
	v, err := p.path.in(input, context)
	if missing, ok := errors.AsType[*noPathError](err); ok {
		return document{}, runtimeFailure("Invalid path '%s' : %s", p.path.text, missing.detail)
	}
	if err != nil {
		return document{}, err
	}
	return newDocument(v), nil
}

// merge puts a result into the state's input, as ResultPath says.
func (p dataPath) merge(input, result document) (document, error) {
	switch {
	case p.null:
		return input, nil
	case !p.set || len(p.path.steps) == 0:
		return result, nil
	}
	v, err := p.path.put(input.value, result.value)
	if err != nil {
		return document{}, &failure{name: errorResultPath, cause: "Unable to apply Reference Path " + p.path.text + " to input " + input.text}
	}
	return newDocument(v), nil
}
