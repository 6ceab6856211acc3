package planfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"orderops/workflow"
	"orderops/workflow/letterfile"
)

// Letters reads a file of dead letters whole, and tells how a plan names it.
func Letters(path string) ([]workflow.Message, Source, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, Source{}, noLetters(path, err)
	}
	source := Source{File: path, SHA256: sum(content)}
	if absolute, err := filepath.Abs(path); err == nil {
		source.File = absolute
	}
	messages, err := letterfile.Read(bytes.NewReader(content))
	if err != nil {
		return nil, source, noLetters(path, err)
	}
	return messages, source, nil
}

// Letters reads the file that the plan imports: from where it was, else from
// beside the plan, whose own file is named. Another content is refused.
func (p Plan) Letters(plan string) ([]workflow.Message, error) {
	path := p.Source.File
	if _, err := os.Stat(path); err != nil {
		if beside := filepath.Join(filepath.Dir(plan), filepath.Base(path)); beside != path {
			if _, err := os.Stat(beside); err == nil {
				path = beside
			}
		}
	}
	messages, source, err := Letters(path)
	if source.SHA256 != "" && source.SHA256 != p.Source.SHA256 {
		return nil, noLetters(path, errors.New("it is not the file that the plan was made of: its digest is another one"))
	}
	return messages, err
}

func noLetters(path string, err error) error {
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "import", Target: path, Reason: err.Error() + "; nothing was sent", Err: err,
		Next: "Give a file of JSON lines, as an export of dead letters writes it.",
	}
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}
