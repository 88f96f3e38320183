"""Scores of four peers on the streams and injections of the spikes bench; run in the peers' environment.

Arguments: an .npz with, per stream, `counts_<name>` (n,), `onsets_<name>` (k,), `added_<name>` (k, 72); and
the .npz to write: `<peer>_<name>` (n,) scores of the background, `<peer>_<name>_hit` (k, 72) scores of the
injected buckets, `cpu_<peer>` microseconds of CPU time a scored bucket. river and pyod are used as they come.
"""

import copy
import sys
import time

import numpy as np
from pyod.models.ecod import ECOD
from river import anomaly

FORTNIGHT, DAY, SPAN = 14 * 288, 288, 72


def gaussian_scorer(counts, onsets, added):
    """river's GaussianScorer over a week's window, one bucket at a time."""
    scorer = anomaly.GaussianScorer(window_size=2016, grace_period=288)
    scores, hits, at = (
        np.zeros(len(counts)),
        np.zeros((len(onsets), SPAN)),
        {int(o): k for k, o in enumerate(onsets)},
    )
    for i, x in enumerate(counts):
        if i in at:
            other = copy.deepcopy(scorer)
            for j in range(SPAN):
                y = float(counts[i + j] + added[at[i], j])
                hits[at[i], j] = other.score_one(None, y)
                other.learn_one(None, y)
        scores[i] = scorer.score_one(None, float(x))
        scorer.learn_one(None, float(x))
    return scores, hits


def _features(counts):
    sums = [np.convolve(counts, np.ones(w))[: len(counts)] for w in (1, 3, 12)]
    return np.log1p(np.stack(sums, axis=1))


def ecod(counts, onsets, added):
    """pyod's ECOD on log sums over 5, 15, 60 minutes, refitted each day on the fortnight before."""
    features, scores = _features(counts), np.zeros(len(counts))
    for day in range(FORTNIGHT, len(counts), DAY):
        model = ECOD().fit(features[day - FORTNIGHT : day])
        scores[day : day + DAY] = model.decision_function(features[day : day + DAY])
    hits = np.zeros((len(onsets), SPAN))
    for k, o in enumerate(onsets):
        changed = counts[o - 12 : o + SPAN].copy()
        changed[12:] += added[k]
        model = ECOD().fit(features[o - FORTNIGHT : o])
        hits[k] = model.decision_function(_features(changed)[12:])
    return scores, hits


def _ewma(counts, mean, spread):
    scores, rate = np.zeros(len(counts)), 1 / 288
    for i, x in enumerate(counts):
        scores[i] = (x - mean) / (1.4826 * spread + 1)
        spread += rate * (abs(x - mean) - spread)
        mean += rate * (x - mean)
    return scores, mean, spread


def ewma_mad(counts, onsets, added):
    """A plain exponentially weighted mean and absolute deviation, a day's memory."""
    scores, hits = np.zeros(len(counts)), np.zeros((len(onsets), SPAN))
    mean = spread = float(np.mean(counts[:288]))
    last = 0
    for k in np.argsort(onsets):
        o = int(onsets[k])
        scores[last:o], mean, spread = _ewma(counts[last:o], mean, spread)
        hits[k] = _ewma(counts[o : o + SPAN] + added[k], mean, spread)[0]
        last = o
    scores[last:] = _ewma(counts[last:], mean, spread)[0]
    return scores, hits


def _residual(windows):
    """Saliency of the last point of each row (Ren et al. 2019, KDD, section 3), estimated points appended."""
    q, m, ahead = 3, 5, 5
    slope = (windows[:, -1:] - windows[:, -m - 1 : -1]) / np.arange(m, 0, -1)
    extra = windows[:, -m : -m + 1] + slope.mean(axis=1, keepdims=True) * m
    x = np.concatenate([windows, np.repeat(extra, ahead, axis=1)], axis=1)
    spectrum = np.fft.fft(x, axis=1)
    log_amplitude = np.log(np.abs(spectrum) + 1e-8)
    kernel = np.ones(q) / q
    smooth = np.apply_along_axis(lambda a: np.convolve(a, kernel, mode="same"), 1, log_amplitude)
    saliency = np.abs(np.fft.ifft(np.exp(log_amplitude - smooth + 1j * np.angle(spectrum)), axis=1))
    last = saliency[:, windows.shape[1] - 1]
    around = saliency[:, windows.shape[1] - 22 : windows.shape[1] - 1].mean(axis=1)
    return (last - around) / (around + 1e-9)


def spectral_residual(counts, onsets, added):
    """The published formula over the last two days, one score a bucket."""
    width, scores, hits = 576, np.zeros(len(counts)), np.zeros((len(onsets), SPAN))
    windows = np.lib.stride_tricks.sliding_window_view(counts, width)
    for a in range(0, len(windows), 2000):
        scores[a + width - 1 : a + width - 1 + 2000] = _residual(windows[a : a + 2000])[: len(counts)]
    for k, o in enumerate(onsets):
        changed = counts[o - width + 1 : o + SPAN].copy()
        changed[width - 1 :] += added[k]
        hits[k] = _residual(np.lib.stride_tricks.sliding_window_view(changed, width))
    return scores, hits


def main():
    given, out = np.load(sys.argv[1]), {}
    names = [n[7:] for n in given.files if n.startswith("counts_")]
    for peer in (gaussian_scorer, ecod, ewma_mad, spectral_residual):
        began, buckets = time.process_time(), 0
        for name in names:
            counts = given[f"counts_{name}"].astype(float)
            onsets, added = given[f"onsets_{name}"], given[f"added_{name}"].astype(float)
            scores, hits = peer(counts, onsets, added)
            out[f"{peer.__name__}_{name}"], out[f"{peer.__name__}_{name}_hit"] = scores, hits
            buckets += len(counts) + hits.size
        out[f"cpu_{peer.__name__}"] = (time.process_time() - began) / buckets * 1e6
    np.savez(sys.argv[2], **out)


if __name__ == "__main__":
    main()
