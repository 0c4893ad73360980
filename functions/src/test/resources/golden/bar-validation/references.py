"""Makes the figures that BarValidationTest and FeatureValidationTest are held against.

Run in this directory, with Debian 12's python3-scipy, python3-statsmodels, python3-sklearn and python3-pandas:

    /usr/bin/python3 references.py

It reads ../range-bars/walk1m_seed1.t250.gate.bars.csv and writes series.csv (input made with a fixed seed) and
references.csv: the versions first, then one figure a line.
"""

import csv
import warnings

import numpy
import pandas
import scipy
import sklearn
import statsmodels
from scipy.special import digamma
from scipy.stats import norm, spearmanr, t
from sklearn.feature_selection import mutual_info_regression
from statsmodels.tsa.stattools import adfuller

warnings.filterwarnings("ignore")

FEATURES = [
    "duration_us", "ofi", "vwap_close_deviation", "price_impact", "kyle_lambda_proxy", "trade_intensity",
    "volume_per_trade", "aggression_ratio", "aggregation_density", "turnover_imbalance",
]
figures = []


def figure(data, measure, first, second, value):
    figures.append([data, measure, first, second, repr(float(value))])


def stationarity(data, name, values):
    statistic, p, lags, *_ = adfuller(values, maxlag=5)
    figure(data, "adf_statistic", name, "", statistic)
    figure(data, "adf_p_value", name, "", p)
    figure(data, "adf_lags", name, "", lags)


def association(data, name, values, target_name, target):
    rho, p = spearmanr(values, target)
    figure(data, "spearman_rho", name, target_name, rho)
    figure(data, "spearman_p_value", name, target_name, p)
    mutual = mutual_info_regression(values.reshape(-1, 1), target, random_state=42)[0]
    figure(data, "mutual_information", name, target_name, mutual)


def bars():
    frame = pandas.read_csv("../range-bars/walk1m_seed1.t250.gate.bars.csv")
    frame = frame[frame.complete == 1]
    for column in ("open", "high", "low", "close"):
        frame[column] = frame[column] / 1e8
    data = "bars"
    change = frame.close.pct_change()
    figure(data, "rows", "", "", len(frame))
    figure(data, "ofi_corr", "", "", frame.ofi.corr(change))
    figure(data, "ofi_mean", "", "", frame.ofi.mean())
    figure(data, "aggression_ratio_median", "", "", frame.aggression_ratio.median())
    gaps = (frame.open.shift(-1) - frame.close).abs() / frame.close.abs()
    figure(data, "largest_gap", "", "", gaps.max())
    limits = [0, 1e-5, 1e-4, 1e-3, 2 * 250 / 100_000, numpy.inf]
    for tier, low, high in zip(
        ["precision", "noise", "market_move", "microstructure", "session_boundary"], limits, limits[1:]
    ):
        figure(data, "gaps", tier, "", ((gaps >= low) & (gaps < high)).sum())
    target = (frame.close.shift(-1) / frame.close - 1).to_numpy()[:-1]
    for feature in FEATURES:
        values = frame[feature].to_numpy(dtype=float)
        stationarity(data, feature, values)
        association(data, feature, values[:-1], "forward_return", target)
    for i, first in enumerate(FEATURES):
        for second in FEATURES[i + 1:]:
            figure(data, "spearman_rho", first, second, frame[first].corr(frame[second], method="spearman"))


def series():
    """Series that are hard on one of the measures: a unit root, ties, outliers, a trend, dependence without rank order."""
    random = numpy.random.RandomState(7)
    rows = 400
    walk = numpy.cumsum(random.standard_normal(rows))
    reverting = numpy.zeros(rows)
    for i in range(1, rows):
        reverting[i] = 0.9 * reverting[i - 1] - 0.3 * (reverting[i - 1] - reverting[i - 2]) + random.standard_normal()
    ties = random.randint(0, 5, rows).astype(float)
    outliers = random.standard_cauchy(rows) * 1e6
    trend = numpy.arange(rows) + random.standard_normal(rows)
    circle = random.uniform(-1, 1, rows)
    target = circle * circle + 0.05 * random.standard_normal(rows) + 0.02 * ties
    columns = {
        "walk": walk, "reverting": reverting, "ties": ties, "outliers": outliers, "trend": trend, "circle": circle,
        "target": target,
    }
    pandas.DataFrame(columns).to_csv("series.csv", index=False, float_format="%.17g")
    for name, values in columns.items():
        stationarity("series", name, values)
        association("series", name, values, "target", target)
    for name in ("walk", "reverting"):
        stationarity("series", name + " first 20", walk[:20] if name == "walk" else reverting[:20])


def special():
    for x in (-38.0, -18.0, -8.5, -3.0, -1.0, -1e-9, 0.0, 0.3, 1.96, 2.5, 6.0, 9.0):
        figure("special", "normal_cdf", repr(x), "", norm.cdf(x))
    for freedom in (1, 2, 5, 98, 998, 999_998):
        for x in (0.0, 1e-3, 0.5, 1.96, 5.0, 30.0):
            figure("special", "student_two_sided", repr(x), str(freedom), 2 * t.sf(x, freedom))
    for x in (1, 2, 3, 9, 10, 11, 100, 1_000_000):
        figure("special", "digamma", str(x), "", digamma(x))


bars()
series()
special()
with open("references.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["data", "measure", "first", "second", "value"])
    for module in (numpy, scipy, pandas, statsmodels, sklearn):
        writer.writerow(["version", module.__name__, "", "", module.__version__])
    writer.writerows(figures)
