package stepfunctions

import (
	"context"
	"errors"

	"orderops/aws/local/stepfunctions/asl"
)

type validateInput struct {
	Definition string
	Type       string
	Severity   string
	// MaxResults bounds the findings; 0 means 100, which is also the most.
	MaxResults int
}

type validateOutput struct {
	Result      string       `json:"result"`
	Diagnostics []diagnostic `json:"diagnostics"`
	Truncated   bool         `json:"truncated"`
}

type diagnostic struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Location string `json:"location,omitempty"`
}

func (s *Service) validateStateMachineDefinition(_ context.Context, in *validateInput) (*validateOutput, error) {
	out := &validateOutput{Result: "OK", Diagnostics: []diagnostic{}}
	_, err := asl.Parse([]byte(in.Definition))
	wrong, ok := errors.AsType[*asl.DefinitionError](err)
	if !ok {
		return out, err
	}
	out.Result = "FAIL"
	most := in.MaxResults
	if most <= 0 || most > 100 {
		most = 100
	}
	for i, d := range wrong.Diagnostics {
		if i == most {
			out.Truncated = true
			break
		}
		out.Diagnostics = append(out.Diagnostics, diagnostic{Severity: "ERROR", Code: d.Code, Message: d.Message, Location: d.Location})
	}
	return out, nil
}
