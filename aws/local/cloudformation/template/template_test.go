package template_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"orderops/aws/local/cloudformation/template"
)

const head = "Parameters:\n  P: {Type: String, Default: p}\nConditions:\n  Yes: !Equals [!Ref P, p]\n  No: !Not [!Condition Yes]\n  Loop: !Not [!Condition Loop]\n" +
	"  Both: !And [!Condition Yes, !Condition No]\n  Any: !Or [!Condition No, !Condition Yes]\nResources:\n  R: {Type: T}\nOutputs:\n  O:\n    Value: "

// evaluate gives the value of the output O, in a template that has the parameter
// P, conditions, and a resource R with the attribute Arn.
func evaluate(t *testing.T, value string) (string, error) {
	t.Helper()
	parsed, err := template.Parse([]byte(head + value))
	if err != nil {
		return "", err
	}
	values, err := parsed.Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	scope := parsed.Scope(values)
	scope.Ref = func(name string) (string, bool, error) { return "ref-" + name, name == "R", nil }
	scope.Attribute = func(name, attribute string) (string, bool, error) {
		return "arn-" + name, name == "R" && attribute == "Arn", nil
	}
	return scope.Text(parsed.Outputs[0].Value)
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`plain`:                           "plain",
		`012`:                             "012",
		`0.10`:                            "0.10",
		`true`:                            "true",
		`"${P}"`:                          "${P}",
		`!Ref P`:                          "p",
		`{Ref: P}`:                        "p",
		`!Ref R`:                          "ref-R",
		`!GetAtt R.Arn`:                   "arn-R",
		`!GetAtt [R, Arn]`:                "arn-R",
		`{"Fn::GetAtt": [R, Arn]}`:        "arn-R",
		`!Sub a-${P}-${R}-${R.Arn}-${!P}`: "a-p-ref-R-arn-R-${P}",
		`!Sub ["${P}${Q}${P}", {Q: !Ref R, P: own}]`:    "ownref-Rown",
		`{"Fn::Sub": "${P}"}`:                           "p",
		`!Join ["-", [a, !Ref P, !Ref "AWS::NoValue"]]`: "a-p",
		`!If [Yes, a, b]`:                               "a",
		`!If [No, a, !Ref P]`:                           "p",
		`!If [Both, a, b]`:                              "b",
		`!If [Any, a, b]`:                               "a",
		"|\n      two\n      lines\n":                   "two\nlines\n",
		">-\n      two\n      lines\n":                  "two lines",
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			got, err := evaluate(t, value)
			if err != nil || got != want {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		})
	}
}

func TestFunctionsRefuse(t *testing.T) {
	t.Parallel()
	const line = 14 // of the output's value
	for value, says := range map[string]string{
		`!Ref Nobody`:             `no parameter or resource "Nobody"`,
		`!Ref [P]`:                "Ref takes a name",
		`!GetAtt R`:               "a resource and an attribute",
		`!GetAtt R.Nothing`:       "no Nothing of a resource R",
		`!Sub ${P`:                "${ without }",
		`!Sub ${Nobody}`:          `"Nobody"`,
		`!Sub {a: b}`:             "Fn::Sub takes",
		`!Join [a]`:               "Fn::Join takes",
		`!Join ["", x]`:           "Fn::Join takes",
		`!Join ["", [{a: b}]]`:    "joins texts",
		`!If [Yes, a]`:            "Fn::If takes",
		`!ImportValue x`:          "does not know the function Fn::ImportValue",
		`!Select [0, [a]]`:        "does not know the function Fn::Select",
		`[a]`:                     "a text is needed",
		`!If [Loop, a, b]`:        "in a circle",
		`!If [Nobody, a, b]`:      `no condition "Nobody"`,
		`!Ref "AWS::NoValue"`:     "a text is needed",
		`{a: 1, a: 2}`:            "",
		`&anchor x`:               "does not read YAML's",
		"[a]\nMappings: {M: {}}":  "does not know Mappings of a template",
		"[a]\nTransform: Another": "only the transform",
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			_, err := evaluate(t, value)
			at, ok := errors.AsType[*template.Error](err)
			if !ok || !strings.Contains(at.Problem, says) {
				t.Fatalf("error %v, want %q", err, says)
			}
			if at.Line < line-11 || at.Line > line+1 {
				t.Errorf("line %d", at.Line)
			}
		})
	}
}

func TestErrorTellsTheLine(t *testing.T) {
	t.Parallel()
	_, err := template.Parse([]byte("Resources:\n  R:\n    Type: T\n    Colour: red\n"))
	if err == nil || err.Error() != "template line 4: the local AWS does not know Colour of a resource" {
		t.Errorf("error %v", err)
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	const text = `
Parameters:
  Name: {Type: String, AllowedPattern: "[a-z]+", MaxLength: 5}
  Count: {Type: Number, Default: 3, MinValue: 1, MaxValue: 10}
  Kind: {Type: String, Default: a, AllowedValues: [a, b]}
Resources:
  R: {Type: T}
`
	for _, test := range []struct {
		name  string
		given map[string]string
		says  string // "" means accepted
	}{
		{"defaults", map[string]string{"Name": "x"}, ""},
		{"all", map[string]string{"Name": "abcde", "Count": "10", "Kind": "b"}, ""},
		{"missing", nil, "Name needs a value"},
		{"unknown", map[string]string{"Name": "x", "Colour": "red"}, "no parameter Colour"},
		{"pattern", map[string]string{"Name": "x1"}, "does not match"},
		{"too long", map[string]string{"Name": "abcdef"}, "MaxLength is 5"},
		{"no number", map[string]string{"Name": "x", "Count": "many"}, "must be a number"},
		{"too small", map[string]string{"Name": "x", "Count": "0"}, "MinValue is 1"},
		{"too large", map[string]string{"Name": "x", "Count": "10.5"}, "MaxValue is 10"},
		{"not allowed", map[string]string{"Name": "x", "Kind": "c"}, `may not be "c"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			parsed, err := template.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			values, err := parsed.Values(test.given)
			if test.says != "" {
				if err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("error %v, want %q", err, test.says)
				}
				return
			}
			if err != nil || values["Name"] != test.given["Name"] || len(values) != 3 {
				t.Errorf("values %v, %v", values, err)
			}
		})
	}
}

func TestNoValueLeavesMembersOut(t *testing.T) {
	t.Parallel()
	parsed, err := template.Parse([]byte("Resources:\n  R:\n    Type: T\n    Properties:\n      A: !Ref AWS::NoValue\n      B: [!Ref AWS::NoValue, b]\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsed.Scope(nil).Resolve(parsed.Resources[0].Properties)
	if err != nil || len(p.Fields) != 1 || len(p.Get("B").Items) != 1 {
		t.Errorf("properties %+v, %v", p, err)
	}
}

// FuzzParse wants an error or a template of anything, never a panic.
func FuzzParse(f *testing.F) {
	if text, err := os.ReadFile("../../../deploy/template.yaml"); err == nil {
		f.Add(string(text))
	}
	f.Add(head + `!Sub ["${P}${Q}", {Q: !Ref R}]`)
	f.Add(`{"Resources":{"R":{"Type":"T","Properties":{"Fn::If":[1]}}},"Outputs":{"O":{"Value":{"Fn::Sub":["${"]}}}}`)
	f.Add("Resources: {R: {Type: T, DependsOn: [!Ref]}}")
	f.Fuzz(func(_ *testing.T, text string) {
		parsed, err := template.Parse([]byte(text))
		if err != nil {
			return
		}
		values, err := parsed.Values(nil)
		if err != nil {
			return
		}
		scope := parsed.Scope(values)
		for _, r := range parsed.Resources {
			_, _ = scope.Holds(r.Condition, r.Line)
			_, _ = scope.Resolve(r.Properties)
		}
		for _, o := range parsed.Outputs {
			_, _ = scope.Text(o.Value)
		}
	})
}
